"""Guards on the records that stand under a record; the check of orphans understands them."""

from __future__ import annotations

from collections.abc import Iterable

from grantflow.domain.children import Children
from grantflow.domain.refusal import Refusal
from grantflow.workflow.registry import Ask, guard


@guard(takes={"lifecycle": "lifecycle", "tags": "tags"})
def children_are(children: Children, ask: Ask) -> Iterable[Refusal]:
    """Every record of a kind below this one has come as far as it must."""
    left = children.without(ask.given["lifecycle"], frozenset(ask.given["tags"]))
    if left:
        yield Refusal(
            "children_not_there_yet",
            "%(count)s records of the kind “%(lifecycle)s” below this one have not come far enough yet.",
            {"count": left, "lifecycle": ask.given["lifecycle"]},
            ask.given["lifecycle"],
        )


@guard(takes={"lifecycle": "lifecycle"})
def no_live_child(children: Children, ask: Ask) -> Iterable[Refusal]:
    """Every record of a kind below this one has ended."""
    left = children.alive(ask.given["lifecycle"])
    if left:
        yield Refusal(
            "children_not_ended",
            "%(count)s records of the kind “%(lifecycle)s” below this one have not ended yet.",
            {"count": left, "lifecycle": ask.given["lifecycle"]},
            ask.given["lifecycle"],
        )


@guard(takes={"lifecycle": "lifecycle", "tags": "tags"})
def no_live_child_is(children: Children, ask: Ask) -> Iterable[Refusal]:
    """No record of a kind below this one that has not ended is in a state of a certain meaning."""
    left = children.alive(ask.given["lifecycle"], frozenset(ask.given["tags"]))
    if left:
        yield Refusal(
            "children_stand_against",
            "%(count)s records of the kind “%(lifecycle)s” below this one stand against this and have to end first.",
            {"count": left, "lifecycle": ask.given["lifecycle"]},
            ask.given["lifecycle"],
        )


@guard(takes={"lifecycle": "lifecycle", "tags": "tags"})
def some_child_is(children: Children, ask: Ask) -> Iterable[Refusal]:
    """At least one record of a kind below this one has come as far as it must."""
    if not children.with_any(ask.given["lifecycle"], frozenset(ask.given["tags"])):
        yield Refusal(
            "no_such_child",
            "No record of the kind “%(lifecycle)s” below this one has come far enough yet.",
            {"lifecycle": ask.given["lifecycle"]},
            ask.given["lifecycle"],
        )
