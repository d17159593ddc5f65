"""Refusals speak the words of the screen, and name the command that does what was meant."""

import pytest

from manyhands import wire
from manyhands.cli import refusing
from tests.client.commands import Command
from tests.client.fake_service import FakeService


@pytest.mark.parametrize(
    ("verb", "status", "word", "instead"),
    [
        ("delete", "active", "uploading", "manyhands cancel u1"),
        ("cancel", "complete", "stored", "manyhands rm u1"),
        ("pause", "paused", "paused for everybody", "manyhands resume u1"),
        ("resume", "active", "uploading", "manyhands status u1"),
        ("cancel", "cancelled", "cancelled", "manyhands upload FILE"),
    ],
)
def test_a_refusal_says_what_it_is_and_what_to_use(
    verb: str, status: str, word: str, instead: str
) -> None:
    said = refusing.sentence("u1", verb, status)
    assert f"This upload is {word}; there is nothing to {verb}." in said
    assert f"«{instead}»" in said


def test_the_services_refusal_is_put_into_those_words(
    service: FakeService, member: Command
) -> None:
    refused = wire.ErrorReply("wrong_status", "This upload is active.", False, {"status": "active"})
    service.fail("POST", "/resume", status=409, body=wire.encode(refused))
    assert member("resume", "u1") == 254
    assert member.err.startswith("This upload is uploading; there is nothing to resume.")


def test_who_names_an_upload_that_is_not_there_hears_which_there_are(
    service: FakeService, member: Command
) -> None:
    assert member("status", "no-such-upload") == 254
    assert "«manyhands list»" in member.err
