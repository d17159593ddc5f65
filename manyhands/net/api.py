"""Calls to the service, each safe to repeat, and therefore repeated.

No connection, a lost answer, 5xx, 429 and refusals that call themselves retryable are tried again,
a bounded number of times with backoff and never sooner than ``Retry-After`` says. A 401 asks the
session for a fresh token, once. Whatever else the service refuses becomes ``Refused`` with the
protocol's code; codes that are not known here are as good as others. An answer that is no JSON of
the protocol, from a proxy or a captive portal, becomes a ``Refused`` with the code of its status.

The moments in the protocol are by the service's clock, which each answer tells in its ``Date``;
``now_ms`` is that clock as it was last heard, so a machine whose own is wrong shows right ages.
"""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from random import Random
from typing import Literal, Protocol, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from manyhands.engine.backoff import Backoff
from manyhands.errors import NotUnderstood, Refused, Unreachable
from manyhands.net.slowness import Silence
from manyhands.net.transport import Answer, Transport
from manyhands.wire import (
    PROTOCOL,
    CreateReply,
    CreateRequest,
    DownloadReply,
    ErrorReply,
    ExchangeReply,
    ExchangeRequest,
    KnownReply,
    ListReply,
    MeReply,
    PageReply,
    PageRequest,
    UploadReply,
    decode,
    encode,
)

Verb = Literal["pause", "resume", "cancel"]
M = TypeVar("M", bound=msgspec.Struct)
SIGNED_OUT = 401
WHAT = {"Accept": "application/json", "Manyhands-Protocol": str(PROTOCOL)}
LONGEST_WAIT_S = 60.0
LONGER = 4
SHORTEST_S = 1.0


class Session(Protocol):
    def token(self) -> str:
        """An access token that is good now. Raises NotSignedIn, Unreachable."""
        ...

    def renewed(self, refused: str) -> str:
        """Another one, because the service refused this. Raises NotSignedIn, Unreachable."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to try, and how long to wait for an answer.

    ``timeout_s`` is for the first try, since a connection that died without a word, by a change of
    network, should not be waited for; slow services and lines get more with each further one.
    All tries together last about ``within_s``.
    """

    tries: int = 6
    timeout_s: float = 10.0
    backoff: Backoff = field(default_factory=lambda: Backoff(base_s=0.25, cap_s=8.0))
    within_s: float = float("inf")

    def answer_s(self, failures: int, spent_s: float = 0.0) -> float:
        """How long to wait for an answer after so many failures."""
        left_s = max(SHORTEST_S, self.within_s - spent_s)
        return min(left_s, self.timeout_s * min(LONGER, 1 << failures))

    def lasts(self, failures: int, spent_s: float) -> bool:
        """Whether to try once more."""
        return failures < self.tries and spent_s < self.within_s


BRIEF = Patience(tries=1, timeout_s=1.5)
"""For a goodbye: who leaves does not wait."""
UNHURRIED = Patience(tries=2, timeout_s=4.0, within_s=8.0)
"""For one that nobody waits for."""


class Api:
    """``base`` is the address that the routes begin with, e.g. ``https://host/api``.

    ``slow`` is told of the calls of the usual patience, and says so when no answer comes.

    Every call raises Refused, Unreachable, NotUnderstood, NotSignedIn.
    """

    def __init__(
        self,
        base: str,
        session: Session,
        transport: Transport,
        *,
        patience: Patience | None = None,
        sleep: Callable[[float], None] = time.sleep,
        rng: Random | None = None,
        clock: Callable[[], float] = time.time,
        timer: Callable[[], float] = time.monotonic,
        slow: Silence | None = None,
    ) -> None:
        self._base, self._session, self._transport = base.rstrip("/"), session, transport
        self._patience = patience or Patience()
        self._timer, self._slow = timer, slow
        self._sleep, self._rng = sleep, rng or Random()
        self._clock, self._ahead_s = clock, 0.0

    def now_ms(self) -> int:
        """Milliseconds since the epoch by the service's clock; by our own before any answer."""
        return int((self._clock() + self._ahead_s) * 1000)

    def through(self, transport: Transport) -> "Api":
        """The same service for the same person, by another way."""
        return Api(
            self._base,
            self._session,
            transport,
            patience=self._patience,
            sleep=self._sleep,
            slow=self._slow,
        )

    @property
    def host(self) -> str:
        return urlsplit(self._base).hostname or ""

    def me(self) -> MeReply:
        return self._call("GET", "/me", None, MeReply)

    def create(self, request: CreateRequest) -> CreateReply:
        return self._call("POST", "/uploads", request, CreateReply)

    def uploads(self, group: str, cursor: str | None = None, limit: int = 0) -> ListReply:
        """A group's uploads, newest first, one page of ``limit``, else as many as are allowed."""
        asked = {"group": group, "cursor": cursor, "limit": limit}
        query = urlencode({name: value for name, value in asked.items() if value})
        return self._call("GET", f"/uploads?{query}", None, ListReply)

    def upload(self, id: str, patience: Patience | None = None) -> UploadReply:
        return self._call("GET", f"/uploads/{_safe(id)}", None, UploadReply, patience)

    def page(self, id: str, page: int) -> PageReply:
        """One page of the manifest, from 0."""
        return self._call("GET", f"/uploads/{_safe(id)}/manifest/{page}", None, PageReply)

    def put_page(self, id: str, page: int, request: PageRequest) -> KnownReply:
        return self._call("PUT", f"/uploads/{_safe(id)}/manifest/{page}", request, KnownReply)

    def download(self, id: str) -> DownloadReply:
        """A URL that the storage gives the object for, for a while."""
        return self._call("GET", f"/uploads/{_safe(id)}/download", None, DownloadReply)

    def move(self, id: str, verb: Verb) -> UploadReply:
        """Pause, resume or cancel the upload, for everybody."""
        return self._call("POST", f"/uploads/{_safe(id)}/{verb}", None, UploadReply)

    def delete(self, id: str) -> UploadReply:
        """Delete the stored file; only its owner may."""
        return self._call("DELETE", f"/uploads/{_safe(id)}", None, UploadReply)

    def exchange(
        self, id: str, request: ExchangeRequest, patience: Patience | None = None
    ) -> ExchangeReply:
        path = f"/uploads/{_safe(id)}/tickets"
        return self._call("POST", path, request, ExchangeReply, patience)

    def _call(
        self,
        method: str,
        path: str,
        request: msgspec.Struct | None,
        reply: type[M],
        patience: Patience | None = None,
    ) -> M:
        body = encode(request) if request is not None else None
        who = urlsplit(self._base).netloc
        saying = self._slow.told(who) if self._slow and not patience else contextlib.nullcontext()
        with saying:
            answer = self._insist(method, self._base + path, body, patience or self._patience)
        return decode(answer.body, reply)

    def _insist(self, method: str, url: str, body: bytes | None, patience: Patience) -> Answer:
        began, failures = self._timer(), 0
        while True:
            spent_s = self._timer() - began
            try:
                return self._once(method, url, body, patience.answer_s(failures, spent_s))
            except (Unreachable, Refused) as error:
                failures += 1
                wait_s = patience.backoff.wait_s(failures, self._rng, _asked_s(error))
                spent_s = self._timer() - began + wait_s
                if not _mends(error) or not patience.lasts(failures, spent_s):
                    raise
            self._sleep(wait_s)

    def _once(self, method: str, url: str, body: bytes | None, timeout_s: float) -> Answer:
        token = self._session.token()
        answer = self._send(method, url, body, timeout_s, token)
        if answer.status == SIGNED_OUT:
            answer = self._send(method, url, body, timeout_s, self._session.renewed(token))
        if answer.status >= 300:
            raise refusal(answer)
        return answer

    def _send(
        self, method: str, url: str, body: bytes | None, timeout_s: float, token: str
    ) -> Answer:
        headers = WHAT | {"Authorization": f"Bearer {token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        answer = self._transport.send(method, url, headers=headers, body=body, timeout_s=timeout_s)
        self._set_clock(answer.headers.get("Date", ""))
        return answer

    def _set_clock(self, date: str) -> None:
        """A date that is none, from whatever stands in between, leaves the clock as it was."""
        with contextlib.suppress(ValueError):
            self._ahead_s = parsedate_to_datetime(date).timestamp() - self._clock()


def _mends(error: Unreachable | Refused) -> bool:
    """Whether another try may succeed."""
    return isinstance(error, Unreachable) or error.retryable


def _asked_s(error: Unreachable | Refused) -> float:
    """How long the service asks to wait."""
    return error.retry_after_s if isinstance(error, Refused) else 0.0


def refusal(answer: Answer) -> Refused:
    """The error that an answer means."""
    try:
        said = decode(answer.body, ErrorReply)
    except NotUnderstood:
        said = _bare(answer.status)
    return Refused(
        said.code,
        said.message,
        status=answer.status,
        retryable=said.retryable,
        retry_after_s=_seconds(answer.headers.get("Retry-After", "")),
        details=said.details,
    )


def _bare(status: int) -> ErrorReply:
    """What an answer without a body of ours means: something on the way gave it."""
    if status == 429:
        text = "Too many requests at once. Nothing is lost; please try again."
        return ErrorReply("too_many_requests", text, True)
    if status >= 500:
        text = f"The service did not answer as it should ({status}). Nothing is lost; try again."
        return ErrorReply("unavailable", text, True)
    text = f"Something on the way to the service answered with status {status}."
    return ErrorReply("bad_request", f"{text} Nothing was changed.", False)


def _seconds(text: str) -> float:
    return min(float(text), LONGEST_WAIT_S) if text.isascii() and text.isdecimal() else 0.0


def _safe(id: str) -> str:
    return quote(id, safe="")
