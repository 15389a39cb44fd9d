"""For those who run the house: is the process alive, and can it do its work."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from grantflow.services.readiness import checks
from grantflow.store.faults import fault_of
from grantflow.web.entrance import entrance, reading

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def alive() -> Response:
    """Answer that the process is alive; asks nothing of the database."""
    return jsonify({"alive": True})


@pages.get("/readyz")
def ready() -> tuple[Response, int]:
    """Answer whether work can be done: 200, or 503 with what is missing."""
    try:
        with reading() as tx:
            found = checks(tx, entrance().data_folder)
    except Exception as error:  # noqa: BLE001 - whatever befalls the database, the answer is: not ready
        fault = fault_of(error)
        detail = fault.sentence if fault else "The database cannot be read."
        return jsonify({"ready": False, "checks": [{"name": "database", "ok": False, "detail": detail}]}), 503
    every = all(check.ok for check in found)
    body = {
        "ready": every,
        "checks": [{"name": check.name, "ok": check.ok, "detail": check.detail} for check in found],
    }
    return jsonify(body), 200 if every else 503
