"""For whom a token acts."""

from __future__ import annotations

from grantflow.api.house import caller
from grantflow.api.routes import Given, Operations, operation
from grantflow.api.shapes import MeSchema
from grantflow.services.people.registering import organisations_of
from grantflow.store.session import Tx

group = Operations("myself", __name__, description="For whom the token acts.")


@operation(group, "GET", "/me", scope="read", gives=MeSchema)
def show(tx: Tx) -> Given:
    """Return the person behind the token, and the organisations for which they may act."""
    known = caller()
    assert known is not None, "the table of access lets nobody else in"
    return Given(
        {
            "name": known.name,
            "email": known.email,
            "scopes": sorted(known.scopes),
            "organisations": [
                {"id": each, "name": name} for each, name in organisations_of(tx, known.user_id)
            ],
        }
    )
