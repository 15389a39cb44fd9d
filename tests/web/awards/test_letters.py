"""Letters: read as they will leave, marked by their text, released in one go; before it nothing shows."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from grantflow.store.awards.models import LetterPreview, Release
from tests import cast
from tests.factories.fund import BIRGIT, Balances
from tests.web.awards.conftest import Desk
from tests.web.house import went_on, words


def checksum(page: str) -> str:
    found = re.search(r'name="sha256" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found[1]


def test_looking_at_a_letter_keeps_nothing_and_marking_keeps_its_text(desk: Desk) -> None:
    desk.fund.decide()
    karin, one = desk.reader(cast.KARIN), f"/applications/{desk.ref(cast.LEIF)}/letter"
    page = karin.text(one)
    assert "Yes. Your application is granted." in page
    with desk.fund.reading() as tx:
        assert tx.execute(select(LetterPreview.id)).all() == []
    assert karin.post(one, {"sha256": "0" * 64}).status_code == 422
    following = went_on(karin.post(one, {"sha256": checksum(page)}))
    assert following == f"/applications/{desk.ref(cast.HANNA)}/letter"
    with desk.fund.reading() as tx:
        kept = tx.execute(select(LetterPreview.text_sha256, LetterPreview.previewed_by)).one()
    assert tuple(kept) == (checksum(page), desk.fund.people[cast.KARIN.name])
    assert "This very text has been read." in karin.text(one)


def test_the_lots_say_what_goes_to_whom_before_the_button(desk: Desk) -> None:
    desk.fund.decide()
    karin, page = desk.reader(cast.KARIN), desk.page("letters")
    read = words(karin.text(page))
    assert "Fund 3 letters" in read
    assert "Reserve list One letter" in read
    assert "Release 5 letters" in read
    early = karin.post(page, {"what": "release"})
    assert early.status_code == 422
    assert "5 letters have not been read yet." in words(early.text)
    assert karin.post(page, {"what": "read", "lot": "all"}).status_code == 422
    for lot in ("yes", "reserve", "no"):
        assert went_on(karin.post(page, {"what": "read", "lot": lot})) == page
    public = (desk.fund.now + timedelta(days=3)).date()
    wrong = karin.post(page, {"what": "release", "public_from": "soon"})
    assert wrong.status_code == 422
    assert 'value="soon"' in wrong.text
    assert went_on(karin.post(page, {"what": "release", "public_from": public.isoformat()})) == page
    assert "No letter waits." in words(karin.text(page))
    with desk.fund.reading() as tx:
        ((decided, told, all_),) = {
            tuple(row) for row in tx.execute(select(Release.decided_at, Release.notice_at, Release.public_at))
        }
    assert decided <= told < all_
    assert desk.fund.balances() == Balances(95_000, 0, 90_000, 0, 0)


def test_a_stale_page_releases_nothing(desk: Desk) -> None:
    desk.fund.decide()
    karin, page = desk.reader(cast.KARIN), desk.page("letters")
    for lot in ("yes", "reserve", "no"):
        karin.post(page, {"what": "read", "lot": lot})
    stale = karin.post(page, {"what": "release", "revision": "1"})
    assert stale.status_code == 422
    assert "Somebody else has changed this in the meantime." in words(stale.text)
    with desk.fund.reading() as tx:
        assert tx.execute(select(Release.decision_id)).all() == []


@pytest.mark.parametrize("who", [cast.LEIF, BIRGIT, cast.YUSUF, cast.MONA])
def test_nobody_else_reads_a_letter_before_it_leaves(desk: Desk, who: cast.Person) -> None:
    desk.fund.decide()
    stranger = desk.reader(who)
    stranger.text(f"/applications/{desk.ref(cast.LEIF)}/letter", 404)
    assert stranger.post(f"/applications/{desk.ref(cast.LEIF)}/letter", {"sha256": ""}).status_code == 404
    stranger.text(desk.page("letters"), 404)
    assert stranger.post(desk.page("letters"), {"what": "release"}).status_code == 404


def test_a_declined_award_frees_the_money_and_the_reserve_moves_up(desk: Desk) -> None:
    fund = desk.fund
    fund.decide()
    fund.release()
    fund.step(cast.HANNA, fund.award(desk.of(cast.HANNA)), "decline", reason="We sold the house.")
    sofia, karin = desk.reader(cast.SOFIA), desk.reader(cast.KARIN)
    reserve = words(sofia.text(desk.page("reserve")))
    assert "The project of Mikael Sten" in reserve
    assert "Money is there" in reserve
    assert "Move up" in reserve
    assert "Move up" not in words(karin.text(desk.page("reserve")))
    fund.step(cast.SOFIA, desk.of(cast.MIKAEL), "move_up", reason="Money came back.")
    letters = words(karin.text(desk.page("letters")))
    assert "Out of the round" in letters
    assert "The project of Mikael Sten" in letters
    one = f"/applications/{desk.ref(cast.MIKAEL)}/letter"
    assert desk.reader(cast.MIKAEL).get(one).status_code == 404
    assert (
        went_on(karin.post(one, {"sha256": checksum(karin.text(one))})) == f"/records/{desk.ref(cast.MIKAEL)}"
    )
    fund.step(cast.KARIN, desk.of(cast.MIKAEL), "release_one")
    assert fund.state(desk.of(cast.MIKAEL)) == "awarded"
    assert "Nobody is on the reserve list." in words(sofia.text(desk.page("reserve")))


def test_a_wrong_no_is_put_right_and_its_new_letter_read_alone(desk: Desk) -> None:
    fund, wrong = desk.fund, desk.of(cast.YLVA)
    fund.decide()
    fund.release()
    item = fund.meet(wrong, "put_right")
    from grantflow.services.programmes.meetings import carry_out

    with fund.tx(cast.MONA) as tx:
        carry_out(tx, item, data={"reason": "A page was missing when it was read."})
    assert fund.state(wrong) == "out_of_round"
    desk.reader(cast.KARIN).text(f"/applications/{desk.ref(cast.YLVA)}/letter", 404)
    assert fund.decisions(wrong)[-1][0] == "annulled"
