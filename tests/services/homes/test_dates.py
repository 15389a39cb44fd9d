"""The next date to which a demo's clock can move."""

from __future__ import annotations

from grantflow.services.homes.dates import next_date
from tests import cast
from tests.factories.fund import Fund


def test_a_date_of_a_call_comes_before_what_only_reminds(arrived: Fund):
    with arrived.reading(cast.KARIN) as tx:
        found = next_date(tx)
    assert found is not None
    assert (found.label, found.at) == ("Decision expected", arrived.plan.date("decision_expected"))
