"""What a command says when it does not come to its answer: every failure is a sentence, never a traceback."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import click
from sqlalchemy.exc import DBAPIError

from grantflow.cli.answer import FAILED, MISUSED, failed, reasons
from grantflow.domain.refusal import Refused
from grantflow.settings import SettingsError
from grantflow.store.faults import fault_of

INTERRUPTED = 130


@contextmanager
def explained(*, as_json: bool) -> Iterator[None]:
    """End the program with a sentence, and with one JSON object where that was asked for, when something goes wrong."""
    try:
        yield
    except click.UsageError as error:
        sentence = error.format_message()
        if not as_json and error.ctx is not None:
            sentence = f"{error.ctx.get_usage()}\n{sentence}"
        failed(as_json=as_json, code="usage", sentence=sentence, exit_code=MISUSED)
    except click.ClickException as error:
        failed(as_json=as_json, code="failed", sentence=error.format_message(), exit_code=FAILED)
    except (click.Abort, KeyboardInterrupt):
        failed(as_json=as_json, code="interrupted", sentence="Interrupted.", exit_code=INTERRUPTED)
    except Refused as error:
        sentence = "\n".join(refusal.sentence for refusal in error.refusals)
        code = error.refusals[0].code if len(error.refusals) == 1 else "refused"
        failed(
            as_json=as_json, code=code, sentence=sentence, exit_code=FAILED, refusals=reasons(error.refusals)
        )
    except SettingsError as error:
        findings = [
            {
                "file": problem.where,
                "line": problem.line,
                "code": problem.code,
                "severity": "error",
                "message": problem.message,
            }
            for problem in error.problems
        ]
        failed(as_json=as_json, code="settings", sentence=str(error), exit_code=FAILED, findings=findings)
    except BrokenPipeError:
        os._exit(FAILED)  # whoever read our answer has left; saying so would fail too
    except (DBAPIError, OSError) as error:
        fault = fault_of(error)
        if fault is None:
            _broken(error, as_json=as_json)
        failed(as_json=as_json, code=fault.code, sentence=fault.sentence, exit_code=FAILED)
    except Exception as error:  # noqa: BLE001 - whatever it is, a program that reads our JSON gets an object
        _broken(error, as_json=as_json)


def _broken(error: BaseException, *, as_json: bool) -> NoReturn:
    """End with what a developer needs on stderr: a mistake of ours is no answer to anybody else."""
    traceback.print_exception(error)
    sentence = "GrantFlow made a mistake. Nothing of this command was kept unless it says so above."
    failed(as_json=as_json, code="internal", sentence=sentence, exit_code=FAILED)
