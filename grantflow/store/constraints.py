"""What the database refuses, said to a person: constraints that held, and races that were lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError

from grantflow.domain.refusal import Refusal, Refused

LOST_RACE = Refusal(
    "lost_race",
    "Somebody else was faster. Look at it again and, where it is still possible, try once more.",
)
CONSTRAINTS: Mapping[str, Refusal] = {
    "ck_gf_funder_window_never_overspent": Refusal(
        "envelope_exhausted", "There is not enough money left in this window for that amount."
    ),
    "ck_gf_funder_window_not_negative": Refusal(
        "balance_negative", "This would take more out of the window than it holds."
    ),
    "ck_gf_funder_window_paid_within_committed": Refusal(
        "paid_beyond_commitment", "This would pay more than was promised."
    ),
    "ck_gf_aid_account_never_over_the_ceiling": Refusal(
        "over_ceiling", "With this sum the firm would pass its de minimis ceiling.", {}, "activity"
    ),
    "ck_gf_bank_account_two_people": Refusal(
        "same_person", "Whoever entered an account does not confirm it. Ask somebody else.", {}, "account"
    ),
    "uq_gf_user_email": Refusal(
        "address_taken", "Somebody is registered with this e-mail address already.", {}, "email"
    ),
    "uq_gf_organisation_identifier_kind_identifier": Refusal(
        "organisation_known", "This organisation is registered already.", {}, "identifier"
    ),
    "uq_gf_call_slug": Refusal("slug_taken", "Another call bears this short name already.", {}, "slug"),
    "uq_gf_case_ref": Refusal("reference_taken", "This reference is in use already."),
    "uq_gf_journal_entry_record_id_seq": LOST_RACE,
}
"""The sentence for each constraint that a person can run into, by its name; a room adds its own lines."""

_RACES = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available


def refusal_of(error: DBAPIError) -> Refusal | None:
    """Return what to tell the person, or None where the fault is the program's and not theirs."""
    original = error.orig
    state = getattr(original, "sqlstate", None)
    text = str(original)
    if isinstance(error, IntegrityError):
        return CONSTRAINTS.get(constraint_name(error))
    if state in _RACES or "database is locked" in text or "database table is locked" in text:
        return LOST_RACE
    return None


def constraint_name(error: IntegrityError) -> str:
    """Return the name of the constraint that held; SQLite tells the columns of a unique one, not its name."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return diagnosis.constraint_name or ""
    kind, _, rest = str(error.orig).partition(" constraint failed: ")
    if kind == "UNIQUE":
        columns = [column.strip() for column in rest.split(",")]
        table = columns[0].partition(".")[0]
        return f"uq_{table}_" + "_".join(column.partition(".")[2] for column in columns)
    return rest


@contextmanager
def told_to_people() -> Iterator[None]:
    """Turn what the database refuses into a refusal that a person understands."""
    try:
        yield
    except DBAPIError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise Refused([refusal]) from error
