"""The OpenAPI document of the API, made of what the operations declare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from apispec import APISpec
from flask import Flask, Response
from flask_smorest import Api
from werkzeug.exceptions import HTTPException

from grantflow import __version__
from grantflow.api.problems import PROBLEM, http_problem
from grantflow.api.routes import PREFIX
from grantflow.api.shapes import Moment, Plain, ProblemSchema
from grantflow.api.signing import EVERYBODY

ABOUT = """The services behind the pages, for programs. docs/api.md tells how to use them."""
ACCESS: Mapping[tuple[str, str], str] = {(f"{PREFIX}/openapi.json", "GET"): EVERYBODY}


class Documented(Api):  # type: ignore[misc]  # flask-smorest has no types
    """An API whose faults are problem documents, in the document as well."""

    ERROR_SCHEMA = ProblemSchema
    DEFAULT_ERROR_RESPONSE_NAME = None  # each operation says by itself what it may answer

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Return the problem document of what the router or the reader of bodies found wrong."""
        return http_problem(error)

    def _register_responses(self) -> None:
        """Register the faults that any operation may meet, in the format in which they come."""
        super()._register_responses()
        spec: APISpec = self.spec
        for response in spec.components.responses.values():
            for media_type in [each for each in response.get("content", {}) if each != PROBLEM]:
                response["content"][PROBLEM] = response["content"].pop(media_type)


def install(app: Flask, groups: Iterable[Any]) -> None:
    """Register the operations, and serve the document of them."""
    app.config.update(
        API_TITLE="GrantFlow",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": ABOUT},
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        },
    )
    api = Documented()
    api.init_app(app)
    api.register_field(Moment, "string", "date-time")
    api.register_field(Plain, None, None)
    for group in groups:
        api.register_blueprint(group, url_prefix=PREFIX)
