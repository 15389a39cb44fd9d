"""Answers to requests that were not granted: the same page, the person's own words, every reason."""

from __future__ import annotations

from typing import Any

from flask import render_template

from grantflow.domain.refusal import Refused


def refused_page(template: str, refused: Refused, **view: Any) -> tuple[str, int]:
    """Return a page once more with `problems`, as 422: what was sent was understood, and cannot be done."""
    return render_template(template, **{**view, "problems": refused.refusals}), 422
