"""What the service refuses because of an upload's status, in the words of the screen.

The protocol's words for a status are not those that ``list`` shows, and a refusal is only half an
answer: where another command does what was meant, it is named.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

from manyhands import words
from manyhands.board import statuses
from manyhands.errors import Refused
from manyhands.net.api import Api, Verb
from manyhands.wire import Upload, UploadReply

R = TypeVar("R")
INSTEAD: Mapping[tuple[str, str], str] = {
    ("cancel", "complete"): "To delete what is stored, use «manyhands rm {id}».",
    ("delete", "initialized"): "To end it, use «manyhands cancel {id}».",
    ("delete", "active"): "To end it, use «manyhands cancel {id}».",
    ("delete", "paused"): "To end it, use «manyhands cancel {id}».",
    ("pause", "paused"): "To go on with it, use «manyhands resume {id}».",
}
ANEW = "To begin anew, upload the file again: «manyhands upload FILE»."
ENDED = frozenset({"failed", "cancelled", "expired", "deleted"})


FORBIDDEN = 403


def insist_on_own(upload: Upload, verb: str, advice: str) -> None:
    """Before anybody is asked whether to ``verb`` what is not theirs. Raises Refused."""
    if not upload.yours:
        owner = words.harmless(upload.owner, 30)
        text = f"Only {owner}, who began this upload, can {verb} it. {advice}"
        raise Refused("not_owner", text, status=FORBIDDEN)


def move(api: Api, id: str, verb: Verb) -> UploadReply:
    return explained(id, verb, lambda: api.move(id, verb))


def delete(api: Api, id: str) -> UploadReply:
    return explained(id, "delete", lambda: api.delete(id))


def explained(id: str, verb: str, call: Callable[[], R]) -> R:
    """Raises Refused with a sentence about ``verb``, and whatever else ``call`` raises."""
    try:
        return call()
    except Refused as error:
        status = str(error.details.get("status", ""))
        if error.code == "wrong_status" and status:
            error.message = sentence(words.harmless(id, 40), verb, status)
        raise


def sentence(id: str, verb: str, status: str) -> str:
    default = ANEW if status in ENDED else f"«manyhands status {id}» shows it."
    instead = INSTEAD.get((verb, status), default)
    return (
        f"This upload is {words.harmless(statuses.in_words(status), 40)}; there is nothing to "
        f"{verb}. {instead.format(id=id)}"
    )
