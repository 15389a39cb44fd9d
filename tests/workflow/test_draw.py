"""Lifecycles are drawn in words; the files in docs are true."""

import shutil
import xml.etree.ElementTree as ET

import pytest

from grantflow.workflow import picture
from grantflow.workflow.draw import markdown_of, pages_of, rows_in_words, timer_in_words
from grantflow.workflow.picture import CannotDraw, dot_of, drawn_from, source_hash, svg_of
from tests.workflow.toys import REGISTRY, toy

needs_graphviz = pytest.mark.skipif(
    shutil.which("dot") is None, reason="graphviz is installed by script/bootstrap"
)
HOSTILE = '</text><script>alert("x")</script> & \\N \\" {a|b} 日本'


@pytest.fixture(scope="module")
def scheme():
    return toy(
        {
            "call.yaml": f"""
                lifecycle: call
                record: call
                title: Call
                about: The spine.
                initial: draft
                final: closed
                states:
                  draft:
                    label: '{HOSTILE}'
                    waits_for: manager
                  open:
                    label: Open | wide
                  halted:
                    label: Halted
                  closed:
                    label: Closed
                transitions:
                  - name: publish
                    from: draft
                    to: open
                    by: manager
                    guards:
                      - money_left
                      - talks_held:
                          at_least: enough
                  - name: halt
                    from: open
                    to: halted
                    by: board
                    apart_from: publish
                    asks:
                      - name: why
                        kind: long_text
                        label: Reason
                  - name: go_on
                    from: halted
                    to: remembered
                    by: board
                  - name: note
                    from: open
                    to: same
                    by: manager
                    effects: note_it
                  - name: end
                    from:
                      - draft
                      - open
                      - halted
                    to: closed
                    notify:
                      - role: applicant
                        template: told
                timers:
                  - in: open
                    at: call.deadline
                    minus: 3d
                    every: 1d
                    notify:
                      - role: manager
                        template: reminder
                  - in: open
                    after: patience
                    do: end
            """
        }
    )


def test_rows_are_told_in_words(scheme):
    rows = rows_in_words(scheme, scheme.lifecycles["call"], REGISTRY)
    assert rows[0].conditions == ("Enough money is left.", "Enough talks were held (at_least: enough).")
    assert rows[1].conditions == ("Not by whoever took: Publish.",)
    assert (rows[1].who, rows[1].fields) == (("Board",), ("Reason",))
    assert [row.target for row in rows[2:4]] == ["back to where it was", "stays where it is"]
    assert rows[3].effects == ("A note is made.",)
    assert rows[4].told == ("Applicant: told",)


def test_clocks_are_told_in_words(scheme):
    call = scheme.lifecycles["call"]
    assert [timer_in_words(scheme, call, timer) for timer in call.timers] == [
        "Open | wide: 3d before the moment at deadline; then every 1d; a message to Manager (reminder).",
        "Open | wide: patience after entering; “End”.",
    ]


def test_the_table_keeps_its_columns(scheme):
    text = markdown_of(scheme, scheme.lifecycles["call"], REGISTRY, "x.svg")
    rows = [line for line in text.splitlines() if line.startswith("| **")]
    assert {line.replace("\\|", "").count("|") for line in rows} == {8, 9}
    assert "| **Open \\| wide** |" in text


def test_labels_cannot_leave_their_quotes(scheme):
    dot = dot_of(scheme, scheme.lifecycles["call"], REGISTRY)
    assert '\\"x\\"' in dot
    assert "&amp; \\\\N" in dot


@needs_graphviz
def test_pictures_are_plain_svg_in_the_colours_of_the_page(scheme):
    dot = dot_of(scheme, scheme.lifecycles["call"], REGISTRY)
    svg = svg_of(dot, 'The "call" & more')
    root = ET.fromstring(svg)
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == 'The "call" & more'
    assert drawn_from(svg) == source_hash(dot)
    assert "width" not in root.attrib
    assert "<script>" not in svg
    assert not {"style", "title"} & {element.tag.split("}")[1] for element in root.iter()}
    painted = {element.attrib.get(key) for element in root.iter() for key in ("fill", "stroke")}
    assert painted <= {None, "none", "currentColor"}


@needs_graphviz
def test_a_drawing_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(picture, "_LIMIT_SECONDS", 0.0001)
    with pytest.raises(CannotDraw):
        svg_of("digraph { a -> b }", "x")


def test_without_graphviz_nothing_is_drawn(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(CannotDraw, match="not installed"):
        svg_of("digraph { a -> b }", "x")


@needs_graphviz
def test_a_page_is_true_until_its_scheme_changes(scheme, tmp_path):
    pages = list(pages_of(scheme, REGISTRY))
    assert [page.name for page in pages] == ["toy-v1-call.svg", "toy-v1-call.md"]
    assert not any(page.is_true(tmp_path) for page in pages)
    for page in pages:
        page.write(tmp_path)
    assert all(page.is_true(tmp_path) for page in pages)
    (tmp_path / "toy-v1-call.svg").write_text("<svg/>")
    assert not pages[0].is_true(tmp_path)
