"""The notice: an upload's end is told to the topic's subscribers, on the bus of events if there is
one, and, by mail, to its owner.

Each step is written down before the next is taken, so a retry begins where the last one stopped.
It is begun under a deadline that is written first, so that a record that comes twice and the sweep
never tell at the same time. Whoever fails takes the deadline back and raises, so that the next
attempt fails as visibly, until the record lies in the failures queue and rings; only a function
that died leaves it. Between telling and writing it down a function can die; then the same notice
goes out once more, when the deadline is past. That is the one window that cannot be closed from
here, and it is why messages carry the upload's id and generation: a subscriber can tell the second
from the first.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.board import Person
from chalicelib.domain.lifetime import NOTIFIED, expires_in_ms
from chalicelib.domain.uploads import NoticeState, Upload
from chalicelib.domain.values import replace
from chalicelib.letters import announcement, ending, warning
from chalicelib.ports import Mail, Mailed, Mailer, Metric, People, Topic
from chalicelib.service.core import Core, change

log = logging.getLogger(__name__)

DEADLINE_MS = 10 * 60_000
"""As long as any function that tells may run: the sweep."""


@dataclass(frozen=True, kw_only=True)
class Post:
    """How people and programs are reached.

    ``page_url``: the page's address, for links to an upload; ``bucket``: where the objects are.
    """

    topic: Topic
    bus: Topic | None = None
    mailer: Mailer
    people: People
    page_url: str
    bucket: str


def notify(core: Core, post: Post, id: str) -> None:
    """Send what is still owed of the notice; safe to call at any time.

    Raises StorageUnavailable where trying again later makes sense, and whatever else is wrong.
    """
    upload = _begun(core, id)
    if upload is None:
        return
    try:
        _tell(core, post, upload)
    except Exception:
        core.meter.count(Metric.NOTICES_FAILED)
        _if_ours(core, upload, lambda current: replace(current, notice_until=0))
        raise


def _begun(core: Core, id: str) -> Upload | None:
    """The upload with the deadline on record; None if nothing is owed, or another tells it."""
    now = core.clock.now()

    def step(upload: Upload) -> tuple[Upload, bool]:
        owed = upload.status in NOTIFIED and upload.notice is not NoticeState.SENT
        if not owed or upload.notice_until > now:
            return upload, False
        return replace(upload, notice_until=now + DEADLINE_MS), True

    upload, begun = change(core, id, step)
    return upload if begun else None


def _tell(core: Core, post: Post, upload: Upload) -> None:
    ours: Upload | None = upload
    told = announcement(upload, post.page_url, post.bucket)
    if upload.notice is NoticeState.NONE:
        post.topic.publish(told)
        ours = _noted(core, upload, NoticeState.PUBLISHED)
    if ours and post.bus and ours.notice is NoticeState.PUBLISHED:
        post.bus.publish(told)
        ours = _noted(core, ours, NoticeState.ON_BUS)
    if ours:
        _mail(core, post, ours.owner, ending(ours, post.page_url))
        if _noted(core, ours, NoticeState.SENT):
            core.meter.count(Metric.NOTICES_SENT)


def warn(core: Core, post: Post, upload: Upload) -> None:
    """Tell the owner that the upload will expire."""
    now = core.clock.now()
    left = expires_in_ms(upload, now, core.lifetime)
    _mail(core, post, upload.owner, warning(upload, left, post.page_url))

    def step(current: Upload) -> tuple[Upload, None]:
        untouched = current.touched_at == upload.touched_at
        return (replace(current, warned_at=now) if untouched else current), None

    change(core, upload.id, step)


def _mail(core: Core, post: Post, owner: Person, mail: Mail) -> None:
    """A mail that will never be taken is let go; one that nobody's would be is counted, to ring."""
    address = post.people.address(owner)
    mailed = post.mailer.send(address, mail) if address else Mailed.NO_ADDRESS
    if mailed is Mailed.REFUSED:
        core.meter.count(Metric.MAILS_REFUSED)
    if mailed is not Mailed.TAKEN:
        log.warning("no mail could be sent to the owner %s: %s", owner.id, mailed.value)


def _noted(core: Core, upload: Upload, notice: NoticeState) -> Upload | None:
    return _if_ours(core, upload, lambda current: replace(current, notice=notice))


def _if_ours(core: Core, upload: Upload, move: Callable[[Upload], Upload]) -> Upload | None:
    """Move the upload; None if another tells of it now, or of another end."""
    ours = (upload.generation, upload.status, upload.notice_until)

    def step(current: Upload) -> tuple[Upload, bool]:
        same = (current.generation, current.status, current.notice_until) == ours
        return (move(current) if same else current), same

    current, same = change(core, upload.id, step)
    return current if same else None
