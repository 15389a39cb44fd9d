"""The files in config/letters: each can be read and always be composed, and says the same in every language."""

from pathlib import Path

import pytest

from grantflow.paths import data_folder, use_own
from grantflow.services.letters.catalogue import load_letters, shipped, templates
from grantflow.services.letters.design import Condition
from grantflow.services.letters.shape import ANSWER_LINES, LANGUAGES
from grantflow.workflow.nodes import Pairs, Scalar, read_nodes

GOOD = """\
letter: greeting
kind: application
about: For this test.
texts:
  en:
    subject: About {project}
    body:
      - We greet {organisation}.
  sv:
    subject: Om {project}
    body:
      - Vi hälsar {organisation}.
  lt:
    subject: Apie {project}
    body:
      - Sveikiname {organisation}.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "parts").mkdir()
    labels = (data_folder("config") / "letters" / "labels.yaml").read_text()
    (tmp_path / "labels.yaml").write_text(labels)
    (tmp_path / "greeting.yaml").write_text(GOOD)
    return tmp_path


def findings(folder: Path) -> list[tuple[str, int, str]]:
    return [(found.file, found.line, found.code) for found in load_letters(folder).findings]


def test_every_shipped_letter_has_all_languages_and_marks_what_nobody_has_read():
    for design in shipped().designs.values():
        assert set(design.texts) == set(LANGUAGES)
        assert {language for language, text in design.texts.items() if text.reviewed} == {"en"}, design.name


def test_every_decision_begins_with_the_four_lines():
    decisions = [design for design in shipped().designs.values() if design.kind == "decision"]
    assert {"award_letter", "refusal_letter", "reserve_letter", "dismissal_letter"} <= {
        design.name for design in decisions
    }
    for design in decisions:
        assert design.paper
        for text in design.texts.values():
            assert tuple(text.answer) == ANSWER_LINES
            assert all(line.variants[-1][0] == Condition() for line in text.answer.values())


def notices(node: object) -> set[str]:
    """Every word that stands under `template:` anywhere in a file."""
    found: set[str] = set()
    if isinstance(node, Pairs):
        for key, below in node.pairs:
            if key.text == "template" and isinstance(below, Scalar):
                found.add(below.text)
            found |= notices(below)
    for item in getattr(node, "items", ()):
        found |= notices(item)
    return found


def test_every_notice_of_the_shipped_workflows_is_written_and_none_is_idle():
    named: set[str] = set()
    for path in data_folder("workflows").glob("**/*.yaml"):
        root, _ = read_nodes(path.read_bytes(), path.name)
        named |= notices(root)
    assert named == set(templates())


def test_a_good_folder_has_no_findings(folder: Path):
    assert findings(folder) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("We greet {organisation}.", "We greet {organization}.", 8, "unknown_word"),
        ("We greet {organisation}.", "We greet {organisation.name}.", 8, "bad_brace"),
        ("We greet {organisation}.", "We greet {{ organisation }}.", 8, "bad_brace"),
        ("We greet {organisation}.", "We greet {% if project %}.", 8, "bad_brace"),
        ("We greet {organisation}.", "You asked for {asked} at {organisation}.", 8, "may_be_empty"),
        ("We greet {organisation}.", "Hello.", 10, "differs_from_english"),
        ("      - We greet", "      - heading: We greet", 10, "differs_from_english"),
        ("kind: application", "kind: aplication", 2, "wrong_value"),
        ("letter: greeting", "letter: welcome", 1, "name_differs"),
        ("    subject: About", "    subjekt: About", 6, "unknown_key"),
        ("  lt:\n", "  lv:\n", 13, "wrong_value"),
        ("      - We greet {organisation}.", "      - part: farewell", 8, "unknown_part"),
        ("      - We greet {organisation}.", "      - each: organisation", 8, "not_a_list"),
        ("      - We greet {organisation}.", "      - text: Hi\n        heading: Hi", 8, "wrong_block"),
        ("kind: application", "kind: decision", 6, "missing_answer"),
    ],
)
def test_a_wrong_word_is_found_with_its_line(folder: Path, old: str, new: str, line: int, code: str):
    assert old in GOOD
    (folder / "greeting.yaml").write_text(GOOD.replace(old, new))
    assert load_letters(folder).catalogue is None
    assert ("greeting.yaml", line, code) in findings(folder)


def test_the_refusal_of_a_word_names_the_known_ones(folder: Path):
    (folder / "greeting.yaml").write_text(GOOD.replace("{organisation}.", "{organization}."))
    [message, *_] = [found.message for found in load_letters(folder).findings]
    assert message.startswith("There is no word “organization”. Known are: organisation, ")


def test_a_missing_language_is_found(folder: Path):
    (folder / "greeting.yaml").write_text(GOOD[: GOOD.index("  lt:")])
    assert ("greeting.yaml", 6, "missing_language") in findings(folder)


def test_a_decision_that_is_silent_about_remedies_is_refused(folder: Path):
    original = (data_folder("config") / "letters" / "refusal_letter.yaml").read_text()
    assert "- part: remedy" in original
    (folder / "refusal_letter.yaml").write_text(original.replace("      - part: remedy\n", ""))
    assert "no_remedy" in {code for _, _, code in findings(folder)}


@pytest.fixture
def own(folder: Path) -> Path:
    """A folder that adds to the first."""
    own = folder / "own"
    (own / "parts").mkdir(parents=True)
    (own / "farewell.yaml").write_text(GOOD.replace("letter: greeting", "letter: farewell"))
    return own


def test_a_folder_adds_letters_to_the_first(folder: Path, own: Path):
    loaded = load_letters(folder, own)

    assert loaded.findings == ()
    assert loaded.catalogue is not None
    assert sorted(loaded.catalogue.designs) == ["farewell", "greeting"]


def test_what_a_folder_adds_replaces_nothing(folder: Path, own: Path):
    (own / "greeting.yaml").write_text(GOOD)

    (found,) = load_letters(folder, own).findings

    assert (found.file, found.line, found.code) == (str(own / "greeting.yaml"), 1, "duplicate_name")


def test_the_letters_of_an_installation_are_known_while_its_folder_is(folder: Path, own: Path):
    (own.parent / "config").mkdir()
    own.rename(own.parent / "config" / "letters")
    try:
        use_own(folder)
        assert "farewell" in templates()
    finally:
        use_own(None)
    assert "farewell" not in templates()
