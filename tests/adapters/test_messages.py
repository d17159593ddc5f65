"""What SNS and SES are given, and what their refusals mean."""

import logging
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.ses import SesMailer
from chalicelib.adapters.sns import SnsTopic, plain_subject
from chalicelib.domain.errors import StorageUnavailable
from chalicelib.ports import Announcement, Mail, Mailed
from tests.adapters.cloud import SENDER, Cloud

ADDRESS = "ana@example.org"
MAIL = Mail("Stored: «Übung ж».mov", "Gespeichert: ж\n" + "x" * 2_000, "<p>Gespeichert: ж</p>")


@given(st.text(max_size=300))
def test_every_subject_is_made_one_that_sns_takes(subject: str) -> None:
    plain = plain_subject(subject)
    assert 1 <= len(plain) <= 100
    assert plain.isascii()
    assert plain.isprintable()
    assert not plain.startswith(" ")


def test_a_plain_subject_stays_as_it_is() -> None:
    assert plain_subject("Stored: film.mov (1.2 GiB)") == "Stored: film.mov (1.2 GiB)"


def test_an_attribute_without_a_value_is_left_out(cloud: Cloud) -> None:
    sns = cloud.client("sns")
    sent = _sent(sns, "Publish")
    told = Announcement("Stored", "{}", {"group": "film", "owner": ""})
    SnsTopic(sns, cloud.topic).publish(told)
    names = [value for key, value in sent[0].items() if key.endswith(".Name")]
    assert names == ["group"]


def test_a_topic_that_is_throttled_is_unavailable(cloud: Cloud) -> None:
    sns = cloud.client("sns")
    _refuse(sns, 400, "Throttled")
    with pytest.raises(StorageUnavailable):
        SnsTopic(sns, cloud.topic).publish(Announcement("Stored", "{}", {}))


def test_a_mail_holds_text_and_html_in_any_script(cloud: Cloud) -> None:
    mail = _mailed(cloud, MAIL)
    assert (mail["From"], mail["To"], mail["Subject"]) == (SENDER, ADDRESS, MAIL.subject)
    assert _body(mail, "plain").rstrip("\r\n") == MAIL.text.replace("\n", "\r\n")
    assert _body(mail, "html").strip() == MAIL.html


def test_no_line_of_a_mail_is_longer_than_mail_allows(cloud: Cloud) -> None:
    lines = _mailed(cloud, MAIL).as_bytes().splitlines()
    assert max(map(len, lines)) <= 998


@pytest.mark.parametrize(
    ("code", "mailed"),
    [
        ("MessageRejected", Mailed.REFUSED),
        ("MailFromDomainNotVerifiedException", Mailed.REFUSED),
        ("AccountSendingPausedException", Mailed.REFUSED),
        ("ConfigurationSetSendingPausedException", Mailed.REFUSED),
        ("InvalidParameterValue", Mailed.NO_ADDRESS),
    ],
)
def test_a_mail_that_will_never_be_taken_is_told_by_whose_fault_and_without_the_address(
    cloud: Cloud, code: str, mailed: Mailed, caplog: pytest.LogCaptureFixture
) -> None:
    ses = cloud.client("ses")
    _refuse(ses, 400, code)
    with caplog.at_level(logging.WARNING):
        assert SesMailer(ses, SENDER).send(ADDRESS, MAIL) is mailed
    assert code in caplog.text
    assert ADDRESS not in caplog.text


def test_an_address_cannot_smuggle_in_a_header(cloud: Cloud) -> None:
    ses = cloud.client("ses")
    sent = _sent(ses, "SendRawEmail")
    hostile = "ana@example.org\r\nBcc: eve@example.org"
    assert SesMailer(ses, SENDER).send(hostile, MAIL) is Mailed.NO_ADDRESS
    assert sent == []


@pytest.mark.parametrize(("status", "code"), [(400, "Throttling"), (503, "ServiceUnavailable")])
def test_a_mail_that_may_be_taken_later_is_unavailable(
    cloud: Cloud, status: int, code: str
) -> None:
    ses = cloud.client("ses")
    _refuse(ses, status, code)
    with pytest.raises(StorageUnavailable):
        SesMailer(ses, SENDER).send(ADDRESS, MAIL)


def test_a_refusal_that_is_our_defect_is_let_through(cloud: Cloud) -> None:
    ses = cloud.client("ses")
    _refuse(ses, 403, "AccessDenied")
    with pytest.raises(ClientError):
        SesMailer(ses, SENDER).send(ADDRESS, MAIL)


def _mailed(cloud: Cloud, mail: Mail) -> EmailMessage:
    """The message as it goes to SES."""
    ses = cloud.client("ses")
    seen: list[bytes] = []
    ses.meta.events.register(
        "provide-client-params.ses.SendRawEmail",
        lambda params, **_: seen.append(params["RawMessage"]["Data"]),
    )
    assert SesMailer(ses, SENDER).send(ADDRESS, mail) is Mailed.TAKEN
    return message_from_bytes(seen[0], policy=default)


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def _sent(client: Any, operation: str) -> list[dict[str, Any]]:
    """The bodies of the calls of this kind, as they are made."""
    seen: list[dict[str, Any]] = []
    client.meta.events.register(
        f"before-call.*.{operation}", lambda params, **_: seen.append(params["body"])
    )
    return seen


def _refuse(client: Any, status: int, code: str) -> None:
    def refuse(**_: object) -> Any:
        words = f"The following identities failed the check: {ADDRESS}"
        error = {"Code": code, "Message": words}
        parsed = {"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}}
        return SimpleNamespace(status_code=status), parsed

    client.meta.events.register("before-call.*.*", refuse)
