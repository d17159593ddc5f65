"""Which page of the manifest is put next."""

from manyhands.parts import PartPlan
from manyhands.upload.pager import AGAIN_S, ANEW_S, LESS, Pager

PLAN = PartPlan(size=10, part_size=1, starts=(0, 4, 8))  # 10 parts on 3 pages


def test_every_page_is_put_in_order_also_those_that_are_known() -> None:
    pager, put = Pager(PLAN, known=4, yours=True), []
    while (page := pager.due(0)) is not None:
        pager.began()
        assert pager.due(0) is None, "one at a time"
        pager.went_well(page)
        pager.learn(8)
        put.append(page)
    assert put == [0, 1, 2]


def test_who_is_not_the_owner_puts_none_and_a_whole_manifest_lacks_none() -> None:
    assert Pager(PLAN, known=4, yours=False).due(0) is None
    assert Pager(PLAN, known=10, yours=True).due(0) is None


def test_who_is_not_the_owner_tries_once_a_minute_for_the_upload_may_be_begun_anew() -> None:
    pager = Pager(PLAN, known=4, yours=False)
    assert (pager.due(7), pager.due(7 + ANEW_S - 1), pager.due(7 + ANEW_S)) == (None, None, 0)
    pager.began()
    pager.not_ours()
    assert (pager.due(100), pager.due(100 + ANEW_S)) == (None, 0)
    pager.began()
    pager.went_well(0)
    assert pager.due(100 + ANEW_S) == 1, "it is ours, so all pages follow"


def test_an_owner_whose_upload_another_began_anew_goes_on_as_a_helper() -> None:
    pager = Pager(PLAN, known=4, yours=True)
    assert pager.due(0) == 0
    pager.began()
    pager.went_well(0)
    pager.began()
    pager.not_ours()
    assert (pager.due(1), pager.due(1 + ANEW_S)) == (None, 0), "nothing of before is proven"


def test_a_page_that_failed_is_put_again_later() -> None:
    pager = Pager(PLAN, known=4, yours=True)
    pager.began()
    pager.failed(0)
    assert pager.due(AGAIN_S / 2) is None
    assert pager.due(AGAIN_S) == 0


def with_two_put(known: int = 8) -> Pager:
    pager = Pager(PLAN, known, yours=True)
    for page in (0, 1):
        pager.began()
        pager.went_well(page)
    return pager


def test_what_is_out_of_order_leads_back_to_the_first_page() -> None:
    pager = with_two_put()
    pager.began()
    pager.out_of_order()
    assert pager.due(0) == 0


def test_a_board_that_knows_less_than_before_is_another_one() -> None:
    for pager in (with_two_put(), Pager(PLAN, known=10, yours=True)):
        for _ in range(LESS):
            assert pager.due(0) != 0
            pager.learn(4)
        assert pager.due(0) == 0


def test_one_late_answer_is_no_other_board() -> None:
    pager = with_two_put()
    for known in (4, 8, 4, 8, 4, 8):
        pager.learn(known)
    assert pager.due(0) == 2


def test_a_page_under_way_when_it_began_anew_proves_only_itself() -> None:
    pager = with_two_put()
    pager.began()
    for _ in range(LESS):
        pager.learn(4)
    pager.went_well(2)
    assert pager.due(0) == 0
