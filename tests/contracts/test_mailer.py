from collections.abc import Callable

import pytest

from chalicelib.adapters.ses import SesMailer
from chalicelib.ports import Mail, Mailer
from tests.adapters.cloud import SENDER
from tests.fakes.mailer import FakeMailer

MAIL = Mail("Stored: «ж».mov", "Your file is stored.", "<p>Your file is stored.</p>")
NOWHERE = "no address at all"

Subject = tuple[Mailer, Callable[[], int]]


@pytest.fixture(params=["fake", "ses"])
def mailer(request: pytest.FixtureRequest) -> Subject:
    """A mailer, and how many mails it has taken."""
    if request.param == "fake":
        fake = FakeMailer(refused={NOWHERE})
        return fake, lambda: len(fake.sent)
    ses = request.getfixturevalue("cloud").client("ses")
    return SesMailer(ses, SENDER), lambda: int(ses.get_send_quota()["SentLast24Hours"])


def test_a_mail_to_an_address_is_taken(mailer: Subject) -> None:
    service, taken = mailer
    before = taken()
    assert service.send("ana@example.org", MAIL)
    assert taken() > before


def test_a_mail_to_what_is_no_address_is_refused_for_good(mailer: Subject) -> None:
    service, taken = mailer
    before = taken()
    assert not service.send(NOWHERE, MAIL)
    assert taken() == before
