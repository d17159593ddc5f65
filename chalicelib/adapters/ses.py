"""Mail, by SES. IAM: ses:SendRawEmail on the sender's identity.

Sent as a whole message that the standard library writes, text and HTML in one, because that is
what a mail is; headers with names in any script are encoded there and cannot be broken out of.
What SES will never take is told apart from what it may take later; the log says why and leaves
out to whom.

Refused: SES's own composing (SendEmail), in which the library's checks of headers have no say.

Source: Amazon SES API Reference, SendRawEmail, errors.
"""

import logging
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from chalicelib.adapters.faults import code_of, passing
from chalicelib.ports import Mail

if TYPE_CHECKING:
    from mypy_boto3_ses import SESClient

log = logging.getLogger(__name__)

_NEVER = frozenset(
    {"MessageRejected", "MailFromDomainNotVerifiedException", "InvalidParameterValue"}
)


class SesMailer:
    """The port ``Mailer``."""

    def __init__(self, client: "SESClient", sender: str) -> None:
        self._client, self._sender = client, sender

    def send(self, address: str, mail: Mail) -> bool:
        try:
            message = self._message(address, mail)
        except ValueError:
            return _refused("the address has line ends")
        try:
            with passing():
                self._client.send_raw_email(
                    Source=self._sender, Destinations=[address], RawMessage={"Data": message}
                )
        except ClientError as error:
            if code_of(error) not in _NEVER:
                raise
            return _refused(code_of(error))
        return True

    def _message(self, address: str, mail: Mail) -> bytes:
        message = EmailMessage(policy=SMTP)
        message["From"], message["To"], message["Subject"] = self._sender, address, mail.subject
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message.as_bytes()


def _refused(why: str) -> bool:
    log.warning("the mail service will not take a mail: %s", why)
    return False
