import pytest

from chalicelib.domain.errors import GroupFull
from chalicelib.domain.room import NO_LIMITS, GroupLimits, Usage, check_room

TAKEN = Usage(stored_bytes=700, open_bytes=200, open_uploads=2)


def refusal(limits: GroupLimits, size: int) -> GroupFull:
    with pytest.raises(GroupFull) as refused:
        check_room(limits, TAKEN, size)
    return refused.value


def test_without_limits_everything_fits() -> None:
    check_room(NO_LIMITS, TAKEN, 10**15)


def test_what_is_stored_and_what_is_under_way_count_together() -> None:
    check_room(GroupLimits(bytes=1000), TAKEN, 100)
    assert refusal(GroupLimits(bytes=1000), 101).details == {
        "limit": "bytes",
        "most": 1000,
        "used": 900,
    }


def test_what_is_stored_does_not_count_as_open() -> None:
    check_room(GroupLimits(open_bytes=300), TAKEN, 100)
    assert refusal(GroupLimits(open_bytes=300), 101).details["used"] == 200


def test_an_upload_is_one_upload_whatever_its_size() -> None:
    check_room(GroupLimits(open_uploads=3), TAKEN, 10**15)
    assert refusal(GroupLimits(open_uploads=2), 0).details["limit"] == "open_uploads"


def test_a_limit_of_nothing_admits_an_empty_file_and_no_other() -> None:
    check_room(GroupLimits(bytes=0), Usage(), 0)
    with pytest.raises(GroupFull):
        check_room(GroupLimits(bytes=0), Usage(), 1)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (GroupLimits(bytes=900), "900 bytes of the group's 900 bytes are taken"),
        (GroupLimits(open_bytes=200), "200 bytes are on their way in this group"),
        (GroupLimits(open_uploads=2), "The group has 2 unfinished uploads"),
    ],
)
def test_a_refusal_says_what_is_kept_and_whom_to_ask(limits: GroupLimits, words: str) -> None:
    message = refusal(limits, 1).message
    assert message.startswith(words)
    assert "Nothing was uploaded, and what is stored stays." in message
    assert message.endswith("ask whoever runs this service for more.")


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (GroupLimits(bytes=900), "more than the 900 bytes that this group may hold"),
        (GroupLimits(open_bytes=200), "more than the 200 bytes that may be on their way"),
        (GroupLimits(open_uploads=0), "This group takes no uploads for now"),
    ],
)
def test_who_can_never_fit_is_not_told_to_wait_or_to_delete(
    limits: GroupLimits, words: str
) -> None:
    message = refusal(limits, 901).message
    assert words in message
    assert "Nothing was uploaded, and what is stored stays." in message
    assert message.endswith("Please ask whoever runs this service for more.")
    assert not {"Delete", "Finish", "wait"} & set(message.split())


def test_sizes_are_said_by_thousands() -> None:
    with pytest.raises(GroupFull, match=r"4\.9 TB of the group's 5 TB are taken"):
        check_room(GroupLimits(bytes=5 * 10**12), Usage(49 * 10**11), 2 * 10**11)
