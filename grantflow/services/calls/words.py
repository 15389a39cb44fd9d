"""Every word of call, form and rubric files, written from the declarations that the reader enforces."""

from __future__ import annotations

from grantflow.services.calls.papers import TOLD
from grantflow.services.calls.shape import CALL, FORM, RUBRIC
from grantflow.workflow.document import describe

CODES = {
    "unknown_scheme": "The scheme, or that version of it, is not there.",
    "not_honoured": "The scheme cannot do it: it knows no lab, or no further stage.",
    "unknown_parameter": "The scheme has no such parameter.",
    "unknown_date": "The scheme has no such date.",
    "missing_date": "Without this date the call would stand still.",
    "unknown_role": "The scheme has no such role.",
    "unknown_form": "The form, or that version of it, is not there.",
    "unknown_rubric": "The rubric, or that version of it, is not there.",
    "unknown_stage": "Only an earlier stage can be asked for.",
    "unknown_funder": "The programme has no such funder.",
    "unknown_body": "The programme has no such body.",
    "unknown_criterion": "The rubric has no such criterion.",
    "unknown_key": "Nothing honours this key here.",
    "missing_key": "This key is needed here.",
    "missing_language": "The language that stands in for others is missing.",
    "duplicate_name": "Two things bear one name.",
    "wrong_currency": "An amount is not in the currency of the call.",
    "wrong_order": "A smaller value lies above a larger, or a later date before an earlier.",
    "wrong_sum": "The weights do not add up to 100.",
    "off_the_scale": "A score does not lie on the rubric's scale.",
    "name_and_file": "Warning: calls look for the paper in another place.",
    "no_holidays": "Warning: the public holidays of the country are not known.",
}
"""The codes of findings that these files alone can have; what any file can have stands in docs/workflows.md."""

_HEAD = """# Call, form and rubric files

A call is a file in `config/calls/`. It names a version of a scheme, and for each stage a version of a form
(`config/forms/<name>/v<N>.yaml`) and of a rubric (`config/rubrics/<name>/v<N>.yaml`); these are looked for beside the
folder of the call first, then among those that are shipped. Check them before loading them:

    grantflow calls check config/calls/north-middle-sweden.yaml
    grantflow forms check config/forms/seed_project/v1.yaml

This page is written by `grantflow calls words --write` from the declarations that the reader enforces; a test keeps the
two together.

- YAML in block style, one key or one item a line, as in workflow files. A key that nothing honours is refused by name.
- Texts for people stand by language: `en:`, `sv:`, `lt:`. Each has words in the `language` of its file.
- A value that nobody has published says so where it stands:

      envelope:
        value: 300 000 EUR
        assumed: "yes"
        reason: The sum of the whole action is published, the fund's share of it is not.

- Dates are local dates and times in the zone of the programme; they stand in the order in which the scheme names them.
- Deadlines, forms and rubrics are pinned when the call is published. After that it changes by correction, a later
  deadline, another envelope, suspension and cancellation, never by its file.
"""


def words_of_calls() -> str:
    """Return the page of all words."""
    parts = [_HEAD]
    parts += [describe(record) for record in (CALL, FORM, RUBRIC)]
    parts += ["## Keys of single kinds of fields", "", "| kind of field | honours |", "|---|---|"]
    parts += [f"| `{kind}` | {', '.join(f'`{key}`' for key in keys)} |" for kind, keys in TOLD.items()]
    parts += ["", "## Findings", "", "| code | means |", "|---|---|"]
    parts += [f"| `{code}` | {about} |" for code, about in CODES.items()]
    return "\n".join([*parts, ""])
