"""Scheme folders are read whole: blocks merged in, names checked, sealed under the hash of their text."""

import json
import shutil
from pathlib import Path

import pytest

from grantflow.workflow.loader import load_all, load_scheme, parse_scheme, scheme_folders
from grantflow.workflow.model import Scheme
from tests.workflow.toys import REGISTRY, codes, load, toy

TOY = Path(__file__).parent / "schemes" / "grant" / "v1"
BLOCK = """
block: check
about: Somebody looks at it.
needs:
  start: Where it begins.
  who: Who looks.
final:
  - dropped
states:
  looked_at:
    label: Looked at by <who>
    view:
      - applicant
      - <who>
  dropped:
    tags: closed
transitions:
  - name: look
    from: <start>
    to: looked_at
    by: <who>
    apart_from: drop
  - name: drop
    from: looked_at
    to: dropped
    by: <who>
    emit:
      - transition: <lifecycle>.look
        to: self
timers:
  - in: looked_at
    after: patience
    notify:
      - role: manager
        template: reminder
"""
INCLUDING = """
lifecycle: call
record: call
title: Call
initial: open
final:
  - closed
include:
  - block: check
    prefix: early
    with:
      start:
        - open
        - waiting
      who: manager
  - block: check
    with:
      start: waiting
      who: board
states:
  open:
    label: Open
  waiting:
    label: Waiting
  closed:
    label: Closed
transitions:
  - name: wait
    from: open
    to: waiting
    by: manager
  - name: close
    from: early_looked_at
    to: closed
    by: manager
"""


@pytest.fixture
def folder(tmp_path):
    """A scheme whose blocks lie beside it."""
    place = tmp_path / "toy" / "v1"
    shutil.copytree(TOY, place)
    for path in place.glob("*.yaml"):
        path.unlink()
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks" / "check.yaml").write_text(BLOCK)
    (place / "scheme.yaml").write_text((TOY / "scheme.yaml").read_text().split("rules:")[0])
    (place / "call.yaml").write_text(INCLUDING)
    return place


def read(folder: Path) -> Scheme:
    """Return the scheme of a folder without a fault."""
    loaded = load_scheme(folder)
    assert loaded.scheme is not None, loaded.findings
    return loaded.scheme


def found(loaded):
    return [(Path(finding.file).name, finding.line, finding.code) for finding in loaded.findings]


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_blocks_are_merged_under_their_prefix(folder):
    call = read(folder).lifecycles["call"]
    assert list(call.states) == [
        "open",
        "waiting",
        "closed",
        "early_looked_at",
        "early_dropped",
        "looked_at",
        "dropped",
    ]
    assert call.final == {"closed", "early_dropped", "dropped"}
    rows = {(row.name, row.sources, row.to, row.by) for row in call.rows[2:]}
    assert rows == {
        ("early_look", ("open", "waiting"), "early_looked_at", ("manager",)),
        ("early_drop", ("early_looked_at",), "early_dropped", ("manager",)),
        ("look", ("waiting",), "looked_at", ("board",)),
        ("drop", ("looked_at",), "dropped", ("board",)),
    }
    assert [row.number for row in call.rows] == list(range(6))
    assert call.rows[2].apart_from == ("call.early_drop",)
    assert (call.rows[3].emits[0].lifecycle, call.rows[3].emits[0].transition) == ("call", "early_look")
    assert call.states["early_looked_at"].label == "Looked at by manager"
    assert [timer.states for timer in call.timers] == [("early_looked_at",), ("looked_at",)]


def test_what_is_wrong_in_a_block_is_found_in_its_file_once(folder):
    edit(folder.parents[1] / "blocks" / "check.yaml", "    by: <who>\n    apart", "    bye: <who>\n    apart")
    assert found(load_scheme(folder)) == [("check.yaml", 21, "unknown_key")]


def test_what_an_include_gives_wrongly_is_found_where_it_is_given(folder):
    edit(folder / "call.yaml", "      who: board", "      whom: board")
    assert found(load_scheme(folder)) == [("call.yaml", 17, "missing_key"), ("call.yaml", 19, "unknown_key")]


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("block: check\n    prefix", "block: chek\n    prefix", ("call.yaml", 9, "unknown_block")),
        ("    prefix: early\n", "", ("check.yaml", 10, "duplicate_name")),
    ],
)
def test_blocks_that_do_not_fit(folder, old, new, finding):
    edit(folder / "call.yaml", old, new)
    assert finding in found(load_scheme(folder))


def test_a_word_that_a_block_does_not_need_is_found(folder):
    edit(folder.parents[1] / "blocks" / "check.yaml", "Looked at by <who>", "Looked at by <whom>")
    assert found(load_scheme(folder)) == [("check.yaml", 11, "unknown_word")]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("call.yaml", "lifecycle: caller", "wrong_name"),
        ("scheme.yaml", "default: on", "boolean"),
        ("scheme.yaml", "kind: spam", "wrong_value"),
        ("scheme.yaml", "default: soon", "wrong_value"),
    ],
)
def test_what_does_not_fit_is_found(tmp_path, name, text, code):
    folder = tmp_path / "v1"
    shutil.copytree(TOY, folder)
    key = text.split(":")[0]
    path = folder / name
    lines = path.read_text().splitlines()
    at = next(number for number, line in enumerate(lines) if line.strip().startswith(f"{key}:"))
    lines[at] = lines[at][: lines[at].index(key)] + text
    path.write_text("\n".join(lines) + "\n")
    assert (name, at + 1, code) in found(load_scheme(folder, registry=REGISTRY))


def test_every_file_is_told_of_at_once(tmp_path):
    folder = tmp_path / "v1"
    shutil.copytree(TOY, folder)
    for name in ("scheme", "call", "review"):
        edit(folder / f"{name}.yaml", "title: ", "titel: ")
    assert {file for file, _, code in found(load_scheme(folder)) if code == "unknown_key"} == {
        "scheme.yaml",
        "call.yaml",
        "review.yaml",
    }


def test_a_file_that_is_called_otherwise_is_found(tmp_path):
    folder = tmp_path / "v1"
    shutil.copytree(TOY, folder)
    (folder / "call.yaml").rename(folder / "call.yml")
    assert found(load_scheme(folder)) == [("call.yml", 1, "wrong_name")]


def test_a_scheme_without_lifecycles_or_without_files(tmp_path):
    assert codes(load({}).findings) == {"missing_file"}
    assert codes(load_scheme(tmp_path).findings) == {"unreadable"}
    assert codes(load_scheme(tmp_path / "nowhere").findings) == {"unreadable"}


def test_folders_are_found_at_one_and_two_levels(tmp_path):
    for name in ("a/v1", "a/v2", "b/v1"):
        shutil.copytree(TOY, tmp_path / name)
    assert scheme_folders(tmp_path) == tuple(tmp_path / name for name in ("a/v1", "a/v2", "b/v1"))
    assert scheme_folders(tmp_path / "a") == (tmp_path / "a/v1", tmp_path / "a/v2")
    assert scheme_folders(tmp_path / "a" / "v1") == (tmp_path / "a/v1",)
    assert len(load_all(tmp_path)) == 3


def test_a_file_that_may_not_be_read_is_found(tmp_path):
    folder = tmp_path / "v1"
    shutil.copytree(TOY, folder)
    (folder / "call.yaml").unlink()
    (folder / "call.yaml").symlink_to(tmp_path / "nowhere")
    assert ("call.yaml", 1, "unreadable") in found(load_scheme(folder))


def test_the_hash_is_of_the_meaning_and_not_of_the_spelling(tmp_path):
    one = read(TOY)
    folder = tmp_path / "v1"
    shutil.copytree(TOY, folder)
    for path in folder.glob("*.yaml"):
        path.write_text(
            "# A comment\n" + path.read_text().replace("    by: manager\n", "    by:\n      - manager\n")
        )
    assert read(folder).sha256 == one.sha256
    edit(folder / "scheme.yaml", "default: 5d", "default: 6d")
    assert read(folder).sha256 != one.sha256


def test_a_published_text_is_read_back_without_its_places():
    scheme = read(TOY)
    again = parse_scheme(scheme.text, "published")
    assert again == scheme
    assert again.lifecycles["call"].rows[0].place.file == "published"
    assert list(again.lifecycles["call"].states) == list(scheme.lifecycles["call"].states)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", "7", '{"name": 3}', '{"name": "x", "more": 1}', "[" * 2000]
)
def test_a_text_that_was_never_published_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        parse_scheme(text)


def test_a_field_that_is_added_later_changes_no_published_text():
    scheme = toy({"call.yaml": INCLUDING.partition("include:")[0] + "states:\n  open:\n    label: Open\n  closed:\n    label: Closed\n"
                  "transitions:\n  - name: close\n    from: open\n    to: closed\n    by: manager\n"})  # fmt: skip
    row = json.loads(scheme.text)["lifecycles"][0]["rows"][0]
    assert row == {
        "name": "close",
        "label": "Close",
        "sources": ["open"],
        "to": "closed",
        "by": ["manager"],
        "number": 0,
    }


def test_a_date_says_what_it_means_and_no_two_mean_the_same(tmp_path):
    folder = Path(shutil.copytree(TOY, tmp_path / "grant" / "v1"))
    about = "    about: Last moment to send.\n"
    edit(folder / "scheme.yaml", about, f"{about}    means: deadline\n")
    scheme = load_scheme(folder).scheme
    assert scheme is not None
    assert (scheme.date_that_means("deadline"), scheme.date_that_means("decision")) == ("deadline", None)
    assert parse_scheme(scheme.text) == scheme

    twin = "  other:\n    about: Another.\n    means: deadline\nroles:\n"
    edit(folder / "scheme.yaml", "roles:\n", twin)
    assert [code for _, _, code in found(load_scheme(folder))] == ["duplicate_name"]
