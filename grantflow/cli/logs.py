"""Logs of the processes that stay: one line each on stderr, structured, without personal data.

A program that reads them gets JSON; somebody who looks at a terminal gets `key=value`. What the libraries say comes in
the same form.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

FIRST = ("timestamp", "level", "event", "request", "page")
JOB_ENGINE = "dbos"
"""The logger that would bring a handler of its own, and lines of its own form, if it had none."""
_SHARED: tuple[Any, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)


def log_to_stderr(level: str) -> None:
    """Write logs as lines with time, level and event, and let those of libraries join from warnings up."""
    structlog.configure(
        processors=[*_SHARED, line],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        # The stream of the moment: stdout belongs to a command's answer, and whoever redirects stderr gets the lines.
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    for logger in (logging.getLogger(), logging.getLogger(JOB_ENGINE)):
        if not any(isinstance(handler, FromLibraries) for handler in logger.handlers):
            logger.addHandler(FromLibraries(logging.WARNING))
    logging.getLogger(JOB_ENGINE).propagate = False


def line(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """Return an event as a line: what everybody looks for first comes first."""
    ordered = {name: event[name] for name in (*FIRST, *event) if name in event}
    if sys.stderr.isatty():
        return " ".join(f"{name}={_word(value)}" for name, value in ordered.items())
    return json.dumps(ordered, ensure_ascii=False, default=str)


def _word(value: object) -> str:
    text = str(value)
    return text if text and not set(text) & set(' "=\n') else json.dumps(text, ensure_ascii=False)


class FromLibraries(logging.Handler):
    """Hands what a library logs on as an event of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        name = logging.getLevelName(record.levelno).lower()
        tell = getattr(structlog.get_logger(), name if name in {"warning", "error", "critical"} else "error")
        more = {"exc_info": record.exc_info} if record.exc_info else {}
        tell(record.getMessage(), logger=record.name, **more)


OF_THE_WEB_SERVER = {
    "handlers": {
        "console": {"class": "grantflow.cli.logs.FromLibraries"},
        "access": {"class": "logging.NullHandler"},
    },
}
"""What granian is told of logging, in the form of `logging.config`: it says what it has to say as events of ours."""
