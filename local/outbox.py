"""The outbox: the mails that SES would have sent, as a page.

A mail is written by our own code but holds names that others chose, so it is shown as mail
programs do: in a frame of its own, where nothing runs and nothing is loaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape
from typing import Any, ClassVar

from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID


@dataclass(frozen=True, slots=True)
class SentMail:
    to: str
    subject: str
    text: str
    html: str


class Outbox:
    """What moto's SES has taken so far, the newest last."""

    CONTENT_SECURITY: ClassVar[str] = (
        "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; sandbox"
    )

    def __init__(self, region: str) -> None:
        self._region = region

    def mails(self) -> Sequence[SentMail]:
        backend = get_backend("ses")[DEFAULT_ACCOUNT_ID][self._region]
        return [_read(message) for message in backend.sent_messages]

    def page(self, which: str) -> str | None:
        """The list of mails, or the n-th mail itself; None if there is no such page."""
        if which == "":
            return _listing(self.mails())
        if not which.isdecimal() or int(which) >= len(self.mails()):
            return None
        return self.mails()[int(which)].html


def _read(message: Any) -> SentMail:
    mail = message_from_bytes(message.raw_data.encode(), policy=default)
    return SentMail(
        str(mail["To"]), str(mail["Subject"]), _body(mail, "plain"), _body(mail, "html")
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""


def _listing(mails: Sequence[SentMail]) -> str:
    rows = "".join(_row(n, mail) for n, mail in reversed(list(enumerate(mails))))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Outbox</title>'
        "<style>body{font-family:system-ui;max-width:50em;margin:2em auto;padding:0 1em}"
        "iframe{width:100%;height:22em;border:1px solid #ccc}</style>"
        f"<h1>Outbox</h1><p>Mails that would have been sent.</p>{rows or '<p>None yet.</p>'}"
    )


def _row(number: int, mail: SentMail) -> str:
    subject, to = escape(mail.subject), escape(mail.to)
    return f'<h2>{subject}</h2><p>To {to}</p><iframe sandbox src="/outbox/{number}"></iframe>'
