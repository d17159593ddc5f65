"""The sweep: every few minutes, whatever is due and was not done by itself.

The stream does the work as long as all goes well. The sweep is for what it could not finish: an
assembly that stuck, a notice that was not sent, and for what only time brings about: uploads that
nobody touches, and what came late of ended ones, while they were being thrown away.
One upload's trouble is logged and does not keep the others waiting; nor does one duty's keep
another of the same upload: what ended is freed also while its notice cannot be told.

What fails is put off, first to the next sweep, then for a quarter of an hour: otherwise a thousand
uploads that fail for good would be the longest due every time, and no other ever looked at.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chalicelib.domain.lifetime import Duty, duties, put_off
from chalicelib.domain.status import Event
from chalicelib.domain.uploads import Upload, moved
from chalicelib.domain.values import replace
from chalicelib.ports import Metric
from chalicelib.service.assembling import assemble
from chalicelib.service.cleaning import free, free_former
from chalicelib.service.core import Core, change
from chalicelib.service.notifying import Post, notify, warn

log = logging.getLogger(__name__)

AT_ONCE = 1_000


def sweep(core: Core, post: Post, at_once: int = AT_ONCE) -> Counter[Duty]:
    """Do what is due, for so many uploads at most; answer how often each duty was done."""
    done: Counter[Duty] = Counter()
    stuck: set[str] = set()
    for id in core.uploads.due(core.clock.now(), at_once):
        with _by_itself(core, id, stuck):
            for upload, owed in _owed(core, id):
                with _by_itself(core, id, stuck):
                    _do(core, post, upload, owed)
                    done[owed] += 1
    core.meter.count(Metric.UPLOADS_STUCK, len(stuck))
    core.meter.count(Metric.SWEEP_RUNS)
    return done


@contextmanager
def _by_itself(core: Core, id: str, stuck: set[str]) -> Iterator[None]:
    try:
        yield
    except Exception:
        log.exception("the sweep could not finish upload %s", id, extra={"upload": id})
        stuck.add(id)
        _put_off(core, id)


def _put_off(core: Core, id: str) -> None:
    now = core.clock.now()
    try:
        change(core, id, lambda current: (put_off(current, now, core.lifetime), None))
    except Exception:
        log.exception("nor could it put it off")


def _owed(core: Core, id: str) -> list[tuple[Upload, Duty]]:
    upload = core.uploads.get(id)
    if upload is None:
        return []
    return [(upload, owed) for owed in duties(upload, core.clock.now(), core.lifetime)]


def _do(core: Core, post: Post, upload: Upload, owed: Duty) -> None:
    if owed is Duty.WARN:
        warn(core, post, upload)
    elif owed is Duty.EXPIRE:
        _expire(core, upload)
    elif owed is Duty.ASSEMBLE:
        assemble(core, upload.id)
    elif owed is Duty.NOTIFY:
        notify(core, post, upload.id)
    elif owed is Duty.CLEAN:
        _clean(core, upload)
    elif owed is Duty.SETTLE:
        _settle(core, upload)
    else:
        _indexed(core, upload)


def _indexed(core: Core, upload: Upload) -> None:
    """Touched since it was indexed: writing it once more moves its due date."""
    change(core, upload.id, lambda current: (replace(current), None))


def _expire(core: Core, upload: Upload) -> None:
    now = core.clock.now()

    def step(current: Upload) -> tuple[Upload, bool]:
        idle = Duty.EXPIRE in duties(current, now, core.lifetime)
        return (moved(current, Event.EXPIRE, now) if idle else current), idle

    if change(core, upload.id, step)[1]:
        core.meter.count(Metric.UPLOADS_EXPIRED)


def _clean(core: Core, upload: Upload) -> None:
    free(core, upload)
    _if_the_same(core, upload, lambda current: replace(current, cleaned=True))


def _settle(core: Core, upload: Upload) -> None:
    unsettled = free_former(core, upload)
    _if_the_same(core, upload, lambda current: replace(current, unsettled=unsettled))


def _if_the_same(core: Core, upload: Upload, move: Callable[[Upload], Upload]) -> None:
    """Move the upload, unless it was begun anew meanwhile."""

    def step(current: Upload) -> tuple[Upload, None]:
        same = current.generation == upload.generation
        return (move(current) if same else current), None

    change(core, upload.id, step)
