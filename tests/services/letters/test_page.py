"""The docs name every letter, every word and every key, and say of them what the loader knows."""

from pathlib import Path

from grantflow.services.letters.catalogue import shipped
from grantflow.services.letters.page import letters_page

DOCS = Path(__file__).parents[3] / "docs" / "letters.md"


def test_the_docs_are_true():
    assert DOCS.read_text(encoding="utf-8") == letters_page(shipped()), (
        "run: .venv/bin/python -m grantflow.services.letters.page > docs/letters.md"
    )


def test_the_docs_list_every_letter():
    page = DOCS.read_text(encoding="utf-8")
    assert all(f"| `{name}` |" in page for name in shipped().designs)
