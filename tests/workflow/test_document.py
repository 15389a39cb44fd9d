"""Files are read with file and line, and refused in words; nothing in them makes the reader fail."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from grantflow.domain.money import Money
from grantflow.paths import data_folder
from grantflow.workflow import nodes
from grantflow.workflow.document import (
    Amount,
    Anything,
    Call,
    Day,
    DottedName,
    Either,
    Key,
    ListOf,
    LocalTime,
    Name,
    NamedCall,
    OneOf,
    Rate,
    Record,
    Span,
    TableOf,
    Text,
    WholeNumber,
    Word,
    YesNo,
    describe,
    read_file,
    read_text,
)

MILESTONE = Record(
    "milestone",
    "A date that everybody may see.",
    Key("name", Name(), "What timers and guards call it.", required=True),
    Key("label", Text(), "What people read."),
    Key("weight", WholeNumber(least=0), "How much it counts.", default=1),
    Key("shown_to", ListOf(OneOf("applicant", "reviewer")), "Who sees it."),
    Key("open", YesNo(), "Whether it is open."),
    Key("guards", ListOf(NamedCall("guard")), "What must hold."),
    Key("extra", Anything(), "Whatever."),
    Key("labels", TableOf(Text()), "What some read."),
    Key("after", Span(or_name=True), "How long."),
    Key("share", Rate(), "How much of it."),
    Key("sum", Amount(), "How much."),
    Key("day", Day(), "When."),
    Key("at", LocalTime(), "When exactly."),
    Key("step", DottedName(), "Which step."),
    Key("either", Either(scalar=Text(), items=ListOf(Name())), "One or more."),
)
CALENDAR = Record(
    "calendar",
    "The dates of a call.",
    Key("milestones", ListOf(MILESTONE), "In order.", required=True),
)


def read(text):
    return read_text(text, "calendar.yaml", CALENDAR)


def milestone(*lines):
    return read("milestones:\n  - name: opening\n" + "".join(f"    {line}\n" for line in lines))


def found(read):
    return [(finding.line, finding.code) for finding in read.findings]


def test_values_are_plain_and_know_their_place():
    got = milestone(
        "label: >", "  Folded", "  words", "shown_to: reviewer", 'open: "yes"', "guards:", "  - window_open",
        "  - held:", "      at_least: 3", "      of:", "        - a", "labels:", "  applicant: Not yet", "after: 10wd",
        "share: 62.5 %", "sum: 1 500 000 SEK", "day: 2026-03-02", "at: 2026-03-02 12:00", "step: call.open",
        "either:", "  - x",
    )  # fmt: skip
    assert got.findings == ()
    (entry,) = got.value["milestones"]
    assert (entry["name"], entry["name"].place.line) == ("opening", 2)
    assert entry["label"] == "Folded words"
    assert entry["weight"] == 1
    assert entry["shown_to"] == ("reviewer",)
    assert entry["open"] is True
    assert [(call.name, dict(call.given), call.place.line) for call in entry["guards"]] == [
        ("window_open", {}, 9),
        ("held", {"at_least": 3, "of": ("a",)}, 10),
    ]
    assert isinstance(entry["guards"][0], Call)
    assert entry["labels"] == {"applicant": "Not yet"}
    assert (entry["after"], entry["share"], entry["sum"]) == ("10wd", 6250, Money(150_000_000, "SEK"))
    assert (str(entry["day"]), str(entry["at"])) == ("2026-03-02", "2026-03-02 12:00:00")
    assert entry["either"] == ("x",)
    assert entry.place_of("label").line == 3
    assert "weight" not in entry.written
    assert isinstance(entry["name"], Word)


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("lable: x", "unknown_key", "“lable” is not known in “milestone”. Known are: label, labels,"),
        ("weight: 1.5", "wrong_value", "“1.5”"),
        ("weight: 010", "wrong_value", "“010”"),
        ('weight: "1"', "wrong_value", "without quotes"),
        ("weight: on", "boolean", "“on”"),
        ("label: No", "boolean", "“No”"),
        ("open: yes", "boolean", "“yes”"),
        ("off: x", "boolean", "“off”"),
        ("label: ~", "empty", "nothing"),
        ("label:", "empty", "Nothing"),
        (
            "shown_to: reviewr",
            "wrong_value",
            "“reviewr” is not allowed here. Known are: reviewer, applicant.",
        ),
        ("shown_to: [reviewer]", "flow_style", "brackets"),
        ("labels: {a: b}", "flow_style", "braces"),
        ("label: &a x", "anchor", "&a"),
        ("label: *a", "alias", "*a"),
        ("label: !!python/object:os.system x", "tag", "os.system"),
        ("label: !x y", "tag", "!x"),
        ("name: twice", "duplicate_key", "“name”"),
        ("name: Opening", "duplicate_key", "line 2"),
        ("? - a\n    : b", "bad_key", "one word"),
        ("after: 3 days", "wrong_value", "“3 days”"),
        ("share: 101 %", "wrong_value", "“101 %”"),
        ("sum: 12", "wrong_value", "currency"),
        ("day: 2026-02-30", "wrong_value", "2026-02-30"),
        ("at: 2026-03-02", "wrong_value", "2026-03-02"),
        ("step: a.b.c", "wrong_value", "a.b.c"),
        ("guards: os.system", "wrong_value", "os.system"),
        ("guards: __import__", "wrong_value", "__import__"),
        ("guards: '{{ 7*7 }}'", "wrong_value", "7*7"),
        ("guards: '{0.__class__}'", "wrong_value", "__class__"),
        ('label: "a\\0b"', "control_character", "U+0000"),
        ("labels: word", "wrong_kind", "single word"),
    ],
)
def test_what_is_wrong_is_found_in_its_line(line, code, words):
    got = milestone("extra: 1", line)
    assert got.value is None
    assert (4, code) in found(got)
    assert any(words in finding.message for finding in got.findings if finding.code == code)


def test_a_missing_key_is_named():
    got = read("milestones:\n  - label: x\n")
    assert found(got) == [(2, "missing_key")]
    assert "“name”" in got.findings[0].message


def test_an_item_that_stands_twice_is_found():
    assert found(milestone("shown_to:", "  - reviewer", "  - reviewer")) == [(5, "duplicate_item")]


def test_billion_laughs_end_at_the_first_alias():
    lines = ["a: &a x", *(f"b{n}: &b{n} [*a, *a]" for n in range(9))]
    got = read("\n".join(lines))
    assert {"anchor", "alias"} <= {finding.code for finding in got.findings}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (b"", "empty"),
        (b"# only words\n", "empty"),
        (b"\xff\xfe\x00a", "not_text"),
        (b"a\x00b", "control_character"),
        (b"x: 1\n---\ny: 2\n", "several_documents"),
        (b"%TAG ! tag:x,2000:\n---\nx: 1\n", "directive"),
        (b"a: b: c", "not_yaml"),
        (b"- [", "not_yaml"),
        (b"[" * 5000, "too_deep"),
        (b"x: " + b"y" * 1_100_000, "too_large"),
        (b"- a\n", "wrong_kind"),
        (b"word", "wrong_kind"),
        (b"milestones:\n\t- x", "not_yaml"),
    ],
)
def test_files_that_are_no_files_of_ours(source, code):
    got = read(source)
    assert got.value is None
    assert code in {finding.code for finding in got.findings}


def test_a_deep_file_is_refused_in_its_line():
    text = "\n".join(" " * depth + "a:" for depth in range(40)) + " x"
    assert found(read(text)) == [(25, "too_deep")]


def test_a_file_that_is_not_there(tmp_path):
    got = read_file(tmp_path / "none.yaml", CALENDAR)
    assert [finding.code for finding in got.findings] == ["unreadable"]
    assert [finding.code for finding in read_file(tmp_path, CALENDAR).findings] == ["unreadable"]


def test_the_docs_name_every_key():
    text = describe(CALENDAR)
    assert all(f"| `{key}` |" in text for key in (*CALENDAR.keys, *MILESTONE.keys))


def test_the_example_of_the_module_is_true():
    import grantflow.workflow.document as module

    example = module.__doc__.split("::\n")[1].split("`Word` (a str)")[0]
    code = "\n".join(line[4:] for line in example.splitlines() if line.startswith("    "))
    declared = code.split("got =")[0]
    names = {name: getattr(module, name) for name in module.__all__}
    exec(declared, names)
    text = "milestones:\n  - name: opening\n    label: Opening\n    shown_to: reviewer\n"
    got = module.read_text(text, "x.yaml", names["CALENDAR"])
    assert got.value is not None
    assert got.value["milestones"][0]["weight"] == 1


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_bytes_of_any_kind_give_findings(source):
    got = read(source)
    assert (got.value is None) == any(finding.severity == "error" for finding in got.findings)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mangled_files_give_findings(data):
    text = 'milestones:\n  - name: opening\n    label: Opening\n    open: "yes"\n    shown_to:\n      - reviewer\n'
    source = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(source) - 1))
        source[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from(
                [b"\n", b"  ", b": ", b"- ", b"&a ", b"*a", b"!", b"[", b"{", b"'", b'"', b"#", b"|", b"\xc3"]
            )
        )
    got = read(bytes(source))
    assert all(finding.line >= 1 and finding.message for finding in got.findings)


@pytest.mark.parametrize("path", sorted(data_folder("workflows").rglob("*.yaml")), ids=lambda path: path.stem)
def test_without_libyaml_files_are_read_alike(path, monkeypatch):
    fast = nodes.read_nodes(path.read_bytes(), "x")
    monkeypatch.setattr(nodes, "_LOADER", yaml.SafeLoader)
    assert nodes.read_nodes(path.read_bytes(), "x") == fast
    assert fast[1] == []


@pytest.mark.parametrize(
    "source",
    [
        "a: [b",
        "a: &x 1\nb: *x\n",
        "a: !!python/name:os.system ''\n",
        "- \x07\n",
        "[" * 3000,
        "a: on\n",
        "\t- x",
    ],
)
def test_without_libyaml_the_same_is_refused(source, monkeypatch):
    fast = {finding.code for finding in nodes.read_nodes(source, "x")[1]}
    monkeypatch.setattr(nodes, "_LOADER", yaml.SafeLoader)
    assert {finding.code for finding in nodes.read_nodes(source, "x")[1]} == fast != set()
