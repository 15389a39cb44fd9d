"""Call files: read, held against the scheme that they name, and turned into a plan.

A key that nothing honours is refused by name, with file, line and the words that are allowed; so is a value that the
scheme, the programme or the other values contradict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from grantflow.domain.calls.plan import CallPlan
from grantflow.paths import data_folders
from grantflow.services.calls.papers import (
    LoadedForm,
    LoadedRubric,
    read_form,
    read_rubric,
    spoken,
    twins,
)
from grantflow.services.calls.planning import holidays_of, plan_of
from grantflow.services.calls.shape import CALL, Given
from grantflow.services.shelf import known_schemes
from grantflow.store.calls.needs import knows_labs, knows_stages, needed_dates
from grantflow.workflow.document import (
    Amount,
    Entry,
    Finding,
    OneOf,
    Rate,
    Shape,
    Span,
    Text,
    WholeNumber,
    error,
    has_errors,
    read_file,
    shown,
    unknown_word,
    warning,
)
from grantflow.workflow.model import Parameter, Scheme
from grantflow.workflow.scalars import read_shape

Schemes = Mapping[tuple[str, int], Scheme]
"""The scheme versions that calls may name."""


@dataclass(frozen=True, slots=True)
class LoadedCall:
    """What came out of a call file: the plan, unless an error was found, and every finding."""

    plan: CallPlan | None
    findings: tuple[Finding, ...]


def read_call(path: Path, schemes: Schemes | None = None) -> LoadedCall:
    """Read a call file with the forms and rubrics that it names; they lie beside its folder, else where all of them do."""
    got = read_file(path, CALL)
    if got.value is None:
        return LoadedCall(None, got.findings)
    reading = _Call(got.value, path, known_schemes() if schemes is None else schemes)
    findings = [*got.findings, *reading.findings()]
    plan = None if has_errors(findings) else reading.plan()
    return LoadedCall(plan, tuple(sorted(set(findings))))


class _Call:
    """One file: first every finding, then, where none is an error, the plan."""

    def __init__(self, entry: Entry, path: Path, schemes: Schemes) -> None:
        self.entry = entry
        self.folders = (path.resolve().parent.parent, *data_folders("config"))
        self.schemes = schemes
        self.scheme = schemes.get((str(entry["scheme"]), entry["version"]))
        self.has_lab: bool = bool(entry["lab"])
        self.programme: Entry = entry["programme"]
        self.stages: tuple[Entry, ...] = entry["stages"]
        self.forms: dict[tuple[str, int], LoadedForm] = {}
        self.rubrics: dict[tuple[str, int], LoadedRubric] = {}
        self.parameters: dict[str, Any] = {}

    def findings(self) -> Iterator[Finding]:
        yield from self._words()
        yield from self._programme()
        yield from self._lab()
        if self.scheme is None:
            known = {f"{name} version {version}" for name, version in self.schemes}
            named = f"{self.entry['scheme']} version {self.entry['version']}"
            yield error(self.entry.place_of("scheme"), "unknown_scheme", unknown_word("scheme", named, known))
        else:
            yield from self._scheme(self.scheme)
        yield from twins(
            (window for stage in self.stages for window in stage["windows"]), "name", "windows named"
        )
        for number, stage in enumerate(self.stages, 1):
            yield from self._stage(number, stage)
            for window in stage["windows"]:
                yield from self._window(window)

    def plan(self) -> CallPlan:
        """Return the plan, where no finding is an error."""
        forms = {key: one.form for key, one in self.forms.items() if one.form is not None}
        rubrics = {key: one for key, one in self.rubrics.items() if one.rubric is not None}
        return plan_of(self.entry, self.parameters, forms, rubrics)

    # What the file says of itself

    def _words(self) -> Iterator[Finding]:
        language = self.entry["language"]
        yield from spoken(self.entry, ("title", "summary"), language)
        yield from spoken(self.programme, ("name",), language)
        for part in (*self.programme["bodies"], *self.programme["priorities"], *self.stages):
            yield from spoken(part, ("title",), language)
        if self.entry["challenge"] is not None:
            yield from spoken(self.entry["challenge"], ("question", "why_now"), language)

    def _programme(self) -> Iterator[Finding]:
        yield from twins(self.programme["funders"], "name", "funders named")
        yield from twins(self.programme["bodies"], "name", "bodies named")
        yield from twins(self.programme["priorities"], "code", "priorities with the code")
        for body in self.programme["bodies"]:
            if body["quorum"].value > body["seats"].value:
                yield error(body["quorum"].place, "wrong_order", "The quorum lies above the number of seats.")
            if (body["delegate_role"] is None) != (body["delegate_up_to"] is None):
                message = "A delegation needs both `delegate_role` and `delegate_up_to`."
                yield error(body.place, "missing_key", message)
            yield from self._amount(body["delegate_up_to"])
        try:
            holidays_of(str(self.programme["country"]), (2026,))
        except NotImplementedError:
            message = f"Public holidays of {shown(self.programme['country'])} are not known: only weekends count as free."
            yield warning(self.programme.place_of("country"), "no_holidays", message)

    def _lab(self) -> Iterator[Finding]:
        if self.has_lab and self.entry["challenge"] is None:
            yield error(
                self.entry.place_of("lab"), "missing_key", "A call with a lab needs the key `challenge`."
            )
        if not self.has_lab and self.entry["challenge"] is not None:
            message = 'A call without a lab honours no `challenge`; say `lab: "yes"` or leave it out.'
            yield error(self.entry.place_of("challenge"), "unknown_key", message)
        if self.has_lab and self.entry["continues"] is not None:
            message = "A call with a lab of its own continues no other: it has its own frame."
            yield error(self.entry.place_of("continues"), "unknown_key", message)

    # What the scheme says to it

    def _scheme(self, scheme: Scheme) -> Iterator[Finding]:
        if self.has_lab and not knows_labs(scheme):
            yield error(self.entry.place_of("lab"), "not_honoured", f"Calls of {scheme.name} have no lab.")
        if self.entry["continues"] is not None and not knows_labs(scheme):
            message = f"Calls of {scheme.name} come out of no lab, so they continue none."
            yield error(self.entry.place_of("continues"), "not_honoured", message)
        if len(self.stages) > 1 and not knows_stages(scheme):
            message = f"Calls of {scheme.name} have one stage, not {len(self.stages)}."
            yield error(self.entry.place_of("stages"), "not_honoured", message)
        for body in self.programme["bodies"]:
            for key in ("role", "delegate_role"):
                if body[key] is not None and body[key] not in scheme.roles:
                    yield error(
                        body.place_of(key), "unknown_role", unknown_word("role", body[key], scheme.roles)
                    )
        yield from self._parameters(scheme)
        for number, stage in enumerate(self.stages, 1):
            yield from self._dates(scheme, number, stage)

    def _parameters(self, scheme: Scheme) -> Iterator[Finding]:
        for name, given in self.entry["parameters"].items():
            parameter = scheme.parameters.get(name)
            if parameter is None:
                yield error(
                    name.place, "unknown_parameter", unknown_word("parameter", name, scheme.parameters)
                )
                continue
            value, findings = read_shape(given.value, _shape_of(parameter))
            yield from findings
            if parameter.kind == "money":
                yield from self._amount(Given(value, given.place))
            self.parameters[str(name)] = value.amount if parameter.kind == "money" else _plain(value)

    def _dates(self, scheme: Scheme, number: int, stage: Entry) -> Iterator[Finding]:
        dates: Mapping[Any, Given] = stage["dates"]
        for name in dates:
            if name not in scheme.dates:
                yield error(name.place, "unknown_date", unknown_word("date", name, scheme.dates))
        for name in needed_dates(scheme, has_lab=self.has_lab, stage=number):
            if name not in dates:
                message = f"Stage {number} needs the date {shown(name)}: {scheme.dates[name].about}"
                yield error(stage.place_of("dates"), "missing_date", message)
        ordered = [name for name in scheme.dates if name in dates]
        for earlier, later in pairwise(ordered):
            if dates[later].value < dates[earlier].value:
                message = f"{shown(later)} lies before {shown(earlier)}, after which it comes in the scheme."
                yield error(dates[later].place, "wrong_order", message)

    # Stages and money

    def _stage(self, number: int, stage: Entry) -> Iterator[Finding]:
        form = self._form(stage)
        if form.form is None:
            yield from self._unread(stage, "form", form.findings)
        if stage["rubric"] is None:
            if stage["rubric_version"] is not None:
                yield error(
                    stage.place_of("rubric_version"), "unknown_key", "Without `rubric` this is not honoured."
                )
        elif stage["rubric_version"] is None:
            yield error(stage.place_of("rubric"), "missing_key", "A `rubric` needs its `rubric_version`.")
        else:
            rubric = self._rubric(stage)
            if rubric.rubric is None:
                yield from self._unread(stage, "rubric", rubric.findings)
        if stage["pass_mark"] is not None and stage["rubric"] is None:
            yield error(
                stage.place_of("pass_mark"), "unknown_key", "Without `rubric` a pass mark is not honoured."
            )
        gate = stage["gate"]
        if gate is not None and gate["completed_stage"] >= number:
            message = f"Stage {number} can ask for a completed earlier stage alone, not for stage {gate['completed_stage']}."
            yield error(gate.place_of("completed_stage"), "unknown_stage", message)

    def _unread(self, stage: Entry, key: str, findings: Iterable[Finding]) -> Iterator[Finding]:
        missing = [finding for finding in findings if finding.code == "unreadable"]
        if missing:
            files = [path for place in self.folders for path in place.glob(f"{key}s/*/v*.yaml")]
            known = {f"{path.parent.name} version {path.stem[1:]}" for path in files}
            named = f"{stage[key]} version {stage[f'{key}_version']}"
            yield error(stage.place_of(key), f"unknown_{key}", unknown_word(key, named, known))
        else:
            yield from findings

    def _form(self, stage: Entry) -> LoadedForm:
        key = str(stage["form"]), stage["form_version"]
        if key not in self.forms:
            self.forms[key] = read_form(self._paper("forms", *key))
        return self.forms[key]

    def _rubric(self, stage: Entry) -> LoadedRubric:
        key = str(stage["rubric"]), stage["rubric_version"]
        if key not in self.rubrics:
            self.rubrics[key] = read_rubric(self._paper("rubrics", *key))
        return self.rubrics[key]

    def _paper(self, folder: str, name: str, version: int) -> Path:
        paths = [place / folder / name / f"v{version}.yaml" for place in self.folders]
        return next((path for path in paths if path.is_file()), paths[0])

    def _window(self, window: Entry) -> Iterator[Finding]:
        funders = {funder["name"] for funder in self.programme["funders"]}
        if window["funder"] not in funders:
            yield error(
                window.place_of("funder"), "unknown_funder", unknown_word("funder", window["funder"], funders)
            )
        bodies = {body["name"] for body in self.programme["bodies"]}
        if window["body"] not in bodies:
            yield error(window.place_of("body"), "unknown_body", unknown_word("body", window["body"], bodies))
        for key in ("envelope", "minimum", "maximum"):
            yield from self._amount(window[key])
        for least, most in (("minimum", "maximum"), ("maximum", "envelope")):
            if window[least].value.amount > window[most].value.amount:
                message = f"The {shown(least)} lies above the {shown(most)}."
                yield error(window[least].place, "wrong_order", message)
        remedy = window["remedy"]
        asks = remedy["kind"].value in ("reconsideration", "appeal")
        for key in ("to", "days"):
            if asks and key not in remedy.written:
                message = f"A remedy of kind {shown(remedy['kind'].value)} needs {shown(key)}."
                yield error(remedy.place, "missing_key", message)
            if not asks and key in remedy.written:
                message = f"A remedy of kind {shown(remedy['kind'].value)} honours no {shown(key)}."
                yield error(remedy.place_of(key), "unknown_key", message)

    def _amount(self, given: Given | None) -> Iterator[Finding]:
        if given is not None and given.value.currency != self.entry["currency"]:
            message = f"{shown(given.value)} is not in {self.entry['currency']}, the currency of the call."
            yield error(given.place, "wrong_currency", message)


def _shape_of(parameter: Parameter) -> Shape:
    shapes: dict[str, Shape] = {
        "whole_number": WholeNumber(),
        "money": Amount(),
        "rate": Rate(),
        "span": Span(),
        "text": Text(),
        "choice": OneOf(*parameter.choices),
    }
    return shapes[parameter.kind]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value
