"""The pages that are looked at: by `script/shots`, which makes pictures of them, and by axe. A new page is a new line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Looked:
    """A page of the loaded demo as somebody sees it; `who` is an e-mail address of the cast, None a visitor."""

    name: str
    path: str
    who: str | None = None
    status: int = 200


PAGES: tuple[Looked, ...] = (
    Looked("first", "/"),
    Looked("call", "/calls/low-carbon-demo"),
    Looked("workflow", "/workflows/challenge_driven/v1/application"),
    Looked("not-here", "/nowhere", status=404),
    Looked("styleguide", "/styleguide"),
    Looked("styleguide-form", "/styleguide?frame=form"),
    Looked("styleguide-public", "/styleguide?frame=public"),
    Looked("sign-in", "/sign-in"),
)
