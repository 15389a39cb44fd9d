"""Form and rubric files: read, checked, and turned into the values that records pin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from grantflow.domain.calls.forms import CheckItem, Field, Form, Section
from grantflow.domain.calls.plan import Assumption
from grantflow.domain.calls.rubrics import Anchor, Criterion, Rubric
from grantflow.domain.words import Words
from grantflow.services.calls.shape import FORM, RUBRIC, Given
from grantflow.workflow.document import (
    Entry,
    Finding,
    Place,
    Read,
    error,
    has_errors,
    read_file,
    shown,
    unknown_word,
    warning,
)

TOLD: Mapping[str, tuple[str, ...]] = {
    "short_text": ("limit",),
    "long_text": ("limit",),
    "number": ("least", "most"),
    "money": ("at_least", "at_most"),
    "choice": ("choices",),
    "partners": ("least", "most"),
    "actions": ("least", "most"),
    "budget": ("categories", "at_least", "at_most"),
    "file": ("least", "most"),
}
"""Which keys each kind of field honours beside those of all."""
NEEDED = {"choice": "choices", "budget": "categories"}


@dataclass(frozen=True, slots=True)
class LoadedForm:
    """What came out of a form file."""

    form: Form | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class LoadedRubric:
    """What came out of a rubric file, and what in it is assumed."""

    rubric: Rubric | None
    findings: tuple[Finding, ...]
    assumptions: tuple[Assumption, ...] = ()


def read_form(path: Path) -> LoadedForm:
    """Read a form file."""
    got = read_file(path, FORM)
    findings = list(got.findings)
    if got.value is not None:
        findings += [*_name_and_file(got.value, "form", path), *_form_findings(got.value)]
    form = None if got.value is None or has_errors(findings) else _form(got.value)
    return LoadedForm(form, tuple(sorted(findings)))


def read_rubric(path: Path) -> LoadedRubric:
    """Read a rubric file."""
    got: Read = read_file(path, RUBRIC)
    findings = list(got.findings)
    if got.value is not None:
        findings += [*_name_and_file(got.value, "rubric", path), *_rubric_findings(got.value)]
    if got.value is None or has_errors(findings):
        return LoadedRubric(None, tuple(sorted(findings)))
    return LoadedRubric(_rubric(got.value), tuple(sorted(findings)), tuple(_assumed_in_rubric(got.value)))


def read_paper(path: Path) -> tuple[Finding, ...]:
    """Return what is wrong with a form or rubric file, whichever it is."""
    try:
        is_rubric = any(line.startswith("rubric:") for line in path.read_text(errors="replace").splitlines())
    except OSError:
        is_rubric = False
    return read_rubric(path).findings if is_rubric else read_form(path).findings


def words(table: Mapping[Any, Any]) -> Words:
    """Return a table of languages as plain words."""
    return {str(language): str(text) for language, text in table.items()}


def spoken(entry: Entry, keys: Iterable[str], language: str) -> Iterator[Finding]:
    """Yield an error for each of some texts that is lacking in the language that stands in for others."""
    for key in keys:
        if key in entry.written and language not in entry[key]:
            message = (
                f"The {shown(key)} has no words in {shown(language)}, the language that stands in for others."
            )
            yield error(entry.place_of(key), "missing_language", message)


def twins(entries: Iterable[Entry], key: str, what: str) -> Iterator[Finding]:
    """Yield an error for each entry whose name an earlier one bears."""
    seen: set[str] = set()
    for entry in entries:
        if entry[key] in seen:
            yield error(entry.place_of(key), "duplicate_name", f"There are two {what} {shown(entry[key])}.")
        seen.add(entry[key])


def _name_and_file(entry: Entry, kind: Literal["form", "rubric"], path: Path) -> Iterator[Finding]:
    if path.parent.name != entry[kind] or path.stem != f"v{entry['version']}":
        place = entry.place_of(kind)
        wanted = shown(f"{kind}s/{entry[kind]}/v{entry['version']}.yaml")
        message = (
            f"This is {kind} {shown(entry[kind])} version {entry['version']}; calls look for it in {wanted}."
        )
        yield warning(place, "name_and_file", message)


def _form_findings(form: Entry) -> Iterator[Finding]:
    language = form["language"]
    yield from spoken(form, ("title",), language)
    yield from twins(form["sections"], "name", "sections named")
    yield from twins(form["checklist"], "name", "check items named")
    for item in form["checklist"]:
        yield from spoken(item, ("label",), language)
    yield from twins(
        (field for section in form["sections"] for field in section["fields"]), "name", "fields named"
    )
    for section in form["sections"]:
        yield from spoken(section, ("title", "help"), language)
        for field in section["fields"]:
            yield from spoken(field, ("label", "help"), language)
            yield from _field_findings(field, language)


def _field_findings(field: Entry, language: str) -> Iterator[Finding]:
    kind = str(field["kind"])
    honoured = TOLD.get(kind, ())
    special = {key for keys in TOLD.values() for key in keys}
    for key in sorted((field.written & special) - set(honoured)):
        known = (
            f"It honours {', '.join(shown(word) for word in honoured)}."
            if honoured
            else "It honours none such."
        )
        message = f"A field of kind {shown(kind)} honours no {shown(key)}. {known}"
        yield error(field.place_of(key), "unknown_key", message)
    needed = NEEDED.get(kind)
    if needed and not field[needed]:
        yield error(field.place, "missing_key", f"A field of kind {shown(kind)} needs {shown(needed)}.")
    for least, most in (("least", "most"), ("at_least", "at_most")):
        if least in field.written and most in field.written and _plain(field[least]) > _plain(field[most]):
            yield error(
                field.place_of(most), "wrong_order", f"The {shown(least)} lies above the {shown(most)}."
            )
    for key in ("choices", "categories"):
        for name, texts in field[key].items():
            if language not in texts:
                message = f"{shown(name)} has no words in {shown(language)}, the language that stands in for others."
                yield error(getattr(name, "place", field.place), "missing_language", message)


def _plain(value: Any) -> int:
    return int(getattr(value, "amount", value))


def _form(entry: Entry) -> Form:
    return Form(
        str(entry["form"]),
        entry["version"],
        str(entry["language"]),
        words(entry["title"]),
        tuple(_section(section) for section in entry["sections"]),
        tuple(CheckItem(str(item["name"]), words(item["label"])) for item in entry["checklist"]),
    )


def _section(entry: Entry) -> Section:
    return Section(
        str(entry["name"]),
        words(entry["title"]),
        words(entry["help"]),
        entry["may_be_completed"],
        tuple(_field(field) for field in entry["fields"]),
    )


def _field(entry: Entry) -> Field:
    money = entry["kind"] in ("money", "budget")
    least, most = ("at_least", "at_most") if money else ("least", "most")
    offered = entry["categories"] if entry["kind"] == "budget" else entry["choices"]
    return Field(
        name=str(entry["name"]),
        kind=str(entry["kind"]),  # type: ignore[arg-type]  # the shape admits exactly the kinds
        label=words(entry["label"]),
        help=words(entry["help"]),
        required=entry["required"] if "required" in entry.written else True,
        listed=bool(entry["listed"]),
        limit=entry["limit"],
        least=None if entry[least] is None else _plain(entry[least]),
        most=None if entry[most] is None else _plain(entry[most]),
        choices={str(name): words(texts) for name, texts in offered.items()},
    )


def _rubric_findings(rubric: Entry) -> Iterator[Finding]:
    language, scale = rubric["language"], rubric["scale"]
    yield from spoken(rubric, ("title",), language)
    yield from twins(rubric["criteria"], "name", "criteria named")
    if scale["least"] >= scale["most"]:
        yield error(scale.place_of("most"), "wrong_order", "The highest score does not lie above the lowest.")
    for anchor in scale["anchors"]:
        yield from spoken(anchor, ("words",), language)
        yield from _on_scale(anchor["at"], scale, anchor.place_of("at"))
    for criterion in rubric["criteria"]:
        yield from spoken(criterion, ("title", "help"), language)
        if criterion["threshold"] is not None:
            yield from _on_scale(criterion["threshold"].value, scale, criterion["threshold"].place)
    known = [criterion["name"] for criterion in rubric["criteria"]]
    for name in rubric["tie_breakers"]:
        if name not in known:
            yield error(name.place, "unknown_criterion", unknown_word("criterion", name, known))
    total = sum(criterion["weight"].value for criterion in rubric["criteria"])
    if total != 100:
        yield error(rubric.place_of("criteria"), "wrong_sum", f"The weights add up to {total}, not to 100.")


def _on_scale(score: int, scale: Entry, place: Place) -> Iterator[Finding]:
    if not scale["least"] <= score <= scale["most"]:
        message = f"{score} does not lie on the scale from {scale['least']} to {scale['most']}."
        yield error(place, "off_the_scale", message)


def _rubric(entry: Entry) -> Rubric:
    scale = entry["scale"]
    return Rubric(
        name=str(entry["rubric"]),
        version=entry["version"],
        language=str(entry["language"]),
        title=words(entry["title"]),
        least=scale["least"],
        most=scale["most"],
        anchors=tuple(Anchor(anchor["at"], words(anchor["words"])) for anchor in scale["anchors"]),
        criteria=tuple(
            Criterion(
                name=str(criterion["name"]),
                title=words(criterion["title"]),
                help=words(criterion["help"]),
                weight=criterion["weight"].value,
                threshold=None if criterion["threshold"] is None else criterion["threshold"].value,
                comment_required=criterion["comment_required"]
                if "comment_required" in criterion.written
                else True,
            )
            for criterion in entry["criteria"]
        ),
        pass_mark=entry["pass_mark"].value,
        tie_breakers=tuple(map(str, entry["tie_breakers"])),
    )


def _assumed_in_rubric(entry: Entry) -> Iterator[Assumption]:
    name = f"rubric {entry['rubric']}"
    yield from assumption(f"{name}: pass_mark", entry["pass_mark"])
    for criterion in entry["criteria"]:
        yield from assumption(f"{name}: {criterion['name']}.weight", criterion["weight"])
        yield from assumption(f"{name}: {criterion['name']}.threshold", criterion["threshold"])


def assumption(where: str, given: Given | None) -> Iterator[Assumption]:
    """Yield what is assumed about a value, if it is."""
    if given is not None and given.assumed is not None:
        yield Assumption(where, str(given.value), given.assumed, given.place.line)
