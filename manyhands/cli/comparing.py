"""Whether a file is the one that an upload is of, and if not, in which parts it differs."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from manyhands import words
from manyhands.board import statuses
from manyhands.cli.views import ranges
from manyhands.files.hashing import Digests
from manyhands.parts import in_base64
from manyhands.wire import Upload

ENOUGH = 5
"""So many parts that differ are named; nobody reads more."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out of comparing a file of ``size`` bytes with ``upload``.

    ``differing``: the first parts that differ, ``more`` if there may be others; ``compared``: how
    many parts could be compared, which is fewer than all while the manifest is not whole.
    """

    upload: Upload
    size: int
    checksum: str = ""
    differing: tuple[int, ...] = ()
    more: bool = False
    compared: int = 0

    @property
    def same(self) -> bool:
        return bool(self.upload.checksum) and self.checksum == self.upload.checksum


def compared(upload: Upload, ours: Digests, page: Callable[[int], list[str]]) -> Verdict:
    """``page``: the digests on a page of the upload's manifest, none if it is not there any more;
    asked for only if need be."""
    plan = ours.plan
    if ours.checksum == upload.checksum:
        return Verdict(upload, plan.size, ours.checksum, compared=plan.count)
    found: list[int] = []
    seen = number = 0
    while seen < upload.parts_known and len(found) <= ENOUGH:
        theirs = page(number)
        if not theirs:
            break
        found += _differing(theirs, ours, seen)
        seen, number = seen + len(theirs), number + 1
    named = tuple(found[:ENOUGH])
    return Verdict(upload, plan.size, ours.checksum, named, len(found) > ENOUGH, seen)


def as_json(verdict: Verdict) -> str:
    upload = verdict.upload
    line = {
        "event": "verified",
        "upload": upload.id,
        "same": verdict.same,
        "size": verdict.size,
        "upload_size": upload.size,
        "checksum": verdict.checksum,
        "upload_checksum": upload.checksum,
        "parts": upload.parts,
        "parts_compared": verdict.compared,
        "differing": verdict.differing,
        "more": verdict.more,
    }
    return msgspec.json.encode(line).decode()


def as_text(verdict: Verdict) -> str:
    name = f"«{words.harmless(verdict.upload.name, 60)}»"
    if verdict.same:
        status = statuses.in_words(verdict.upload.status)
        return f"The file is the same as {name} ({status}).\n{verdict.checksum}"
    if verdict.size != verdict.upload.size:
        sizes = f"it has {verdict.size:,} bytes, the upload {verdict.upload.size:,}"
        return f"The file is not the same as {name}: {sizes}."
    if verdict.differing:
        return f"The file is not the same as {name}: {_where(verdict)}."
    if verdict.upload.checksum:
        return f"The file is not the same as {name}: its checksum is another."
    return _undecided(verdict, name)


def _differing(theirs: list[str], ours: Digests, before: int) -> list[int]:
    """The parts, from ``before + 1`` on, whose digests are not ours."""
    parts = range(before + 1, min(before + len(theirs), ours.plan.count) + 1)
    known = zip(parts, theirs, strict=False)
    return [part for part, digest in known if digest != in_base64(ours.get(part) or b"")]


def _where(verdict: Verdict) -> str:
    first, size = verdict.differing[0], verdict.upload.part_size
    many = "parts" if len(verdict.differing) > 1 else "part"
    differ = "differ" if len(verdict.differing) > 1 else "differs"
    named = ranges(verdict.differing, ENOUGH) + (" and more" if verdict.more else "")
    start = (first - 1) * size
    return f"{many} {named} of {verdict.upload.parts} {differ}, first from byte {start:,} on"


def _undecided(verdict: Verdict, name: str) -> str:
    known = f"{verdict.compared} of {verdict.upload.parts} parts"
    return (
        f"Whether the file is the same as {name} cannot be said yet: its owner has described only "
        f"{known}, and those are the same."
    )
