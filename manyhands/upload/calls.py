"""The service's answers, in the words of the deciding thread.

One exchange, one page, one look: each makes its call and returns the one message that says how it
went. Here, and only here, the protocol's error codes are told apart; what is not in the table ends
the run and is shown to the person as the service said it.
"""

from manyhands.engine.happenings import Answered, Disowned, ExchangeFailed, StatusSeen
from manyhands.errors import NotUnderstood, Refused, Unreachable
from manyhands.net.api import Api
from manyhands.parts import in_base64
from manyhands.upload.desk import Message, PageFailed, PagePut, Seen
from manyhands.upload.sender import DigestDiffers
from manyhands.wire import ExchangeRequest, PageRequest

PASSING = frozenset({"stale_exchange", "wrong_status", "not_owner"})
"""Refusals after which the next exchange says how things stand."""
ANEW = StatusSeen("cancelled")


class Calls:
    """The calls about one upload. Each raises Refused for what cannot be mended here.

    ``generation``: of the upload as it was joined. Once it was begun anew it is another one, which
    may be another version of the file or another person's: to this client it is cancelled.
    """

    def __init__(self, api: Api, upload: str, generation: int) -> None:
        self._api, self._upload, self._generation = api, upload, generation

    def exchange(self, request: ExchangeRequest) -> Message:
        try:
            return Answered(self._api.exchange(self._upload, request))
        except Refused as error:
            return _exchange_refused(error)
        except (Unreachable, NotUnderstood) as error:
            return ExchangeFailed(error.message)

    def put_page(self, page: int, digests: list[bytes]) -> Message:
        request = PageRequest([in_base64(digest) for digest in digests], self._generation)
        try:
            return PagePut(self._api.put_page(self._upload, page, request))
        except Refused as error:
            return _page_refused(error)
        except (Unreachable, NotUnderstood) as error:
            return PageFailed(error.message)

    def look(self) -> Message:
        try:
            return Seen(self._api.upload(self._upload))
        except Refused as error:
            return _retryable(error)
        except (Unreachable, NotUnderstood) as error:
            return ExchangeFailed(error.message)


def _retryable(error: Refused) -> Message:
    if not error.retryable:
        raise error
    return ExchangeFailed(error.message, error.retry_after_s)


def _exchange_refused(error: Refused) -> Message:
    if error.code == "ticket_not_taken":
        return Disowned(tuple(error.details.get("parts", ())))
    if error.code == "begun_anew":
        return ANEW
    if error.code in PASSING:
        return ExchangeFailed(error.message)
    return _retryable(error)


def _page_refused(error: Refused) -> Message:
    if error.code == "content_differs":
        raise DigestDiffers from error
    if error.code == "begun_anew":
        return ANEW
    if error.retryable or error.code in PASSING:
        return PageFailed(error.message)
    raise error
