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

STYLE = (
    ":root{color-scheme:light dark;font-family:system-ui,sans-serif}"
    "main{max-width:46em;margin:2em auto;padding:0 1em}article{margin:2.5em 0}h2{margin:0}"
    "iframe{width:100%;height:20em;border:1px solid #8888;border-radius:6px;background:#fff}"
    "pre{white-space:pre-wrap}"
)
NOTHING = "<p>None yet.</p>"


@dataclass(frozen=True, slots=True)
class SentMail:
    to: str
    subject: str
    text: str
    html: str


class Outbox:
    """What moto's SES has taken so far, the newest last."""

    CONTENT_SECURITY: ClassVar[str] = (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    """Mails carry their styles within; they are shown in frames, which inherit this."""

    def __init__(self, region: str) -> None:
        self._region = region

    def mails(self) -> Sequence[SentMail]:
        backend = get_backend("ses")[DEFAULT_ACCOUNT_ID][self._region]
        return [_read(message) for message in backend.sent_messages]

    def page(self) -> str:
        rows = "".join(_row(mail) for mail in reversed(self.mails()))
        return (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Outbox</title>'
            '<meta name="viewport" content="width=device-width">'
            f"<style>{STYLE}</style><main><h1>Outbox</h1>"
            f"<p>Mails that would have been sent, the newest first.</p>{rows or NOTHING}</main>"
        )


def _read(message: Any) -> SentMail:
    mail = message_from_bytes(message.raw_data.encode(), policy=default)
    return SentMail(
        str(mail["To"]), str(mail["Subject"]), _body(mail, "plain"), _body(mail, "html")
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part else ""


def _row(mail: SentMail) -> str:
    return (
        f"<article><h2>{escape(mail.subject)}</h2><p>To {escape(mail.to)}</p>"
        f'<iframe sandbox title="The mail" srcdoc="{escape(mail.html)}"></iframe>'
        f"<details><summary>As text</summary><pre>{escape(mail.text)}</pre></details></article>"
    )
