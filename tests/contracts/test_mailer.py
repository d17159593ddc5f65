from collections.abc import Callable

import pytest

from chalicelib.adapters.ses import SesMailer
from chalicelib.ports import Mail, Mailed, Mailer
from tests.adapters.cloud import SENDER
from tests.fakes.mailer import FakeMailer

MAIL = Mail("Stored: «ж».mov", "Your file is stored.", "<p>Your file is stored.</p>")
NOWHERE = "no address at all"
STRANGER = "somebody@else.example"
"""A sender that the service does not know."""

Subject = tuple[Mailer, Callable[[], int]]


@pytest.fixture(params=["fake", "ses"])
def mailer(request: pytest.FixtureRequest) -> Subject:
    """A mailer, and how many mails it has taken."""
    if request.param == "fake":
        fake = FakeMailer(nowhere={NOWHERE})
        return fake, lambda: len(fake.sent)
    ses = request.getfixturevalue("cloud").client("ses")
    return SesMailer(ses, SENDER), lambda: int(ses.get_send_quota()["SentLast24Hours"])


def test_a_mail_to_an_address_is_taken(mailer: Subject) -> None:
    service, taken = mailer
    before = taken()
    assert service.send("ana@example.org", MAIL) is Mailed.TAKEN
    assert taken() > before


def test_a_mail_to_what_is_no_address_is_refused_for_good(mailer: Subject) -> None:
    service, taken = mailer
    before = taken()
    assert service.send(NOWHERE, MAIL) is Mailed.NO_ADDRESS
    assert taken() == before


@pytest.mark.parametrize("service", ["fake", "ses"])
def test_from_a_sender_that_is_not_known_nobody_gets_mail(
    service: str, request: pytest.FixtureRequest
) -> None:
    mailer: Mailer = FakeMailer(closed=True)
    if service == "ses":
        mailer = SesMailer(request.getfixturevalue("cloud").client("ses"), STRANGER)
    assert mailer.send("ana@example.org", MAIL) is Mailed.REFUSED
