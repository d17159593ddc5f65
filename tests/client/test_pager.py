"""Which page of the manifest is put next."""

from manyhands.parts import PartPlan
from manyhands.upload.pager import AGAIN_S, Pager

PLAN = PartPlan(size=10, part_size=1, starts=(0, 4, 8))  # 10 parts on 3 pages


def test_every_page_is_put_in_order_also_those_that_are_known() -> None:
    pager, put = Pager(PLAN, known=4, yours=True), []
    while (page := pager.due(0)) is not None:
        pager.began()
        assert pager.due(0) is None, "one at a time"
        pager.went_well()
        pager.learn(8)
        put.append(page)
    assert put == [0, 1, 2]


def test_what_is_proven_is_not_put_again() -> None:
    assert Pager(PLAN, known=4, yours=True, proven=1).due(0) == 1


def test_who_is_not_the_owner_puts_none_and_a_whole_manifest_lacks_none() -> None:
    assert Pager(PLAN, known=4, yours=False).due(0) is None
    assert Pager(PLAN, known=10, yours=True).due(0) is None


def test_what_others_complete_meanwhile_need_not_be_put() -> None:
    pager = Pager(PLAN, known=4, yours=True)
    pager.learn(10)
    assert pager.due(0) is None


def test_a_page_that_failed_is_put_again_later() -> None:
    pager = Pager(PLAN, known=4, yours=True)
    pager.began()
    pager.failed(0)
    assert pager.due(AGAIN_S / 2) is None
    assert pager.due(AGAIN_S) == 0
