"""Mail, by SES. IAM: ses:SendRawEmail on the sender's identity.

Sent as a whole message that the standard library writes, text and HTML in one, because that is
what a mail is; headers with names in any script are encoded there and cannot be broken out of.
What SES will never take is told apart from what it may take later, and a fault of one person's
address from one of the sender, for which nobody gets mail until an operator does something: an
account in the sandbox, a sender that is not verified, sending paused. The log says why and leaves
out to whom, so it has SES's code and not its words, which name the address.

SES calls an unverified sender and, in the sandbox, an unverified recipient the same
(``MessageRejected``). Both are the sender's: outside of the sandbox no recipient is asked for.

Refused: SES's own composing (SendEmail), in which the library's checks of headers have no say.

Source: Amazon SES API Reference, SendRawEmail, errors; Developer Guide, email sending errors.
"""

import logging
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from chalicelib.adapters.faults import code_of, passing
from chalicelib.ports import Mail, Mailed

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

log = logging.getLogger(__name__)

_NEVER = {
    "InvalidParameterValue": Mailed.NO_ADDRESS,
    "MessageRejected": Mailed.REFUSED,
    "MailFromDomainNotVerifiedException": Mailed.REFUSED,
    "AccountSendingPausedException": Mailed.REFUSED,
    "ConfigurationSetSendingPausedException": Mailed.REFUSED,
}


class SesMailer:
    """The port ``Mailer``."""

    def __init__(self, client: "SESClient", sender: str) -> None:
        self._client, self._sender = client, sender

    def send(self, address: str, mail: Mail) -> Mailed:
        try:
            message = self._message(address, mail)
        except ValueError:
            log.warning("the address of a mail has line ends")
            return Mailed.NO_ADDRESS
        try:
            with passing():
                self._client.send_raw_email(
                    Source=self._sender, Destinations=[address], RawMessage={"Data": message}
                )
        except ClientError as error:
            return _never(error)
        return Mailed.TAKEN

    def _message(self, address: str, mail: Mail) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = self._sender, address, mail.subject
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message.as_bytes()


def _never(error: ClientError) -> Mailed:
    """Why it will never be sent. Raises the error again if it says nothing of that."""
    code = code_of(error)
    if code not in _NEVER:
        raise error
    log.warning("SES will not take a mail: %s", code)
    return _NEVER[code]
