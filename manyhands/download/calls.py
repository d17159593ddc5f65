"""The service's answers to a download, in the words of the deciding thread.

Here, and only here, the protocol's error codes are told apart. An upload that is not complete, or
not any more, is an error that says what it is now; what may be better later is tried again; the
rest is shown to the person as the service said it.
"""

from manyhands.board.statuses import in_words
from manyhands.download.happenings import Signed, SignFailed
from manyhands.errors import KEPT_HERE, NotComplete, NotUnderstood, Refused, Unreachable
from manyhands.net.api import Api
from manyhands.wire import Upload

COMPLETE = "complete"
_COMING = {"initialized", "active", "paused"}


def sign(api: Api, upload: Upload) -> Signed | SignFailed:
    """A fresh URL for the object. Raises NotComplete, Refused."""
    try:
        reply = api.download(upload.id)
    except (Unreachable, NotUnderstood) as error:
        return SignFailed(error.message)
    except Refused as error:
        if error.retryable:
            return SignFailed(error.message, error.retry_after_s)
        raise _gone(error) from error
    if (reply.size, reply.checksum) != (upload.size, upload.checksum):
        raise NotComplete(f"There is another file now under this upload's id. {KEPT_HERE}")
    return Signed(reply.url, reply.expires_s)


def insist_on_complete(upload: Upload) -> None:
    """Raises NotComplete, which says what the upload is now."""
    if upload.status != COMPLETE:
        raise NotComplete(_what_it_is(upload))


def _what_it_is(upload: Upload) -> str:
    if upload.status in _COMING:
        share = 100 * upload.bytes_done // upload.size if upload.size else 0
        return (
            f"The upload is not stored yet: it is {in_words(upload.status)}, with {share} % in. "
            f"«manyhands status {upload.id} --watch» ends when it can be downloaded."
        )
    if upload.status == "assembling":
        return "The storage joins the parts of this upload just now; try again in a moment."
    reason = f" ({upload.reason})" if upload.reason else ""
    return f"The upload is {in_words(upload.status)}{reason}; there is nothing to download."


def _gone(error: Refused) -> NotComplete | Refused:
    if error.code in ("wrong_status", "begun_anew"):
        now = in_words(str(error.details.get("status", "not stored any more")))
        return NotComplete(f"The upload is {now}; its file can no longer be downloaded.")
    if error.code == "no_such_upload":
        return NotComplete("The upload is gone, or you may not see it any more.")
    return error
