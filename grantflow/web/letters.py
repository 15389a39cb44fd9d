"""A letter as a page: the same words and the same order as on paper, for reading it before it leaves."""

from __future__ import annotations

from flask import render_template

from grantflow.services.letters.compose import Letter


def letter_page(letter: Letter) -> str:
    """Return the page on which a letter is previewed; whoever shows it decides who may see it."""
    return render_template("public/letter.html", letter=letter)
