"""How much room a group has, and whether a new upload still fits in.

An upload counts with its whole size from the moment it is created: what was begun can always be
finished, and nobody is refused when all parts are in. It counts until it ends or is deleted.
Nothing counts towards two limits but what is under way: it will be stored, and it is open.
"""

from dataclasses import dataclass

from chalicelib.domain.errors import GroupFull


@dataclass(frozen=True, slots=True)
class GroupLimits:
    """None is no limit. ``bytes``: stored and under way; the ``open`` ones: under way alone."""

    bytes: int | None = None
    open_bytes: int | None = None
    open_uploads: int | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    stored_bytes: int = 0
    open_bytes: int = 0
    open_uploads: int = 0


NO_LIMITS = GroupLimits()
UNITS = ("bytes", "kB", "MB", "GB", "TB")


def check_room(limits: GroupLimits, usage: Usage, size: int) -> None:
    """Does one more upload of this size fit in? Raises GroupFull."""
    _check("open_uploads", limits.open_uploads, usage.open_uploads, 1)
    _check("open_bytes", limits.open_bytes, usage.open_bytes, size)
    _check("bytes", limits.bytes, usage.stored_bytes + usage.open_bytes, size)


def _check(limit: str, most: int | None, used: int, more: int) -> None:
    if most is None or used + more <= most:
        return
    beyond = f"{_BEYOND[limit].format(_size(most))} {_KEPT} Please {_WHOM}"
    why = beyond if more > most else _SENTENCES[limit](most, used)
    raise GroupFull(why, limit=limit, most=most, used=used)


def _of_bytes(most: int, used: int) -> str:
    return f"{_size(used)} of the group's {_size(most)} are taken, so this file has no room. {_ASK}"


def _of_open_bytes(most: int, used: int) -> str:
    return (
        f"{_size(used)} are on their way in this group, and no more than {_size(most)} may be, so "
        f"this file has to wait. {_WAIT}"
    )


def _of_open_uploads(most: int, used: int) -> str:
    return f"The group has {used} unfinished uploads, and no more than {most} may be. {_WAIT}"


def _size(count: float) -> str:
    step = 0
    while count >= 999.5 and step < len(UNITS) - 1:
        count, step = count / 1000, step + 1
    return f"{count:.4g} {UNITS[step]}"


_KEPT = "Nothing was uploaded, and what is stored stays."
_WHOM = "ask whoever runs this service for more."
_ASK = f"{_KEPT} Delete what nobody needs, or {_WHOM}"
_WAIT = f"{_KEPT} Finish or cancel one and try again, or {_WHOM}"
_SENTENCES = {
    "bytes": _of_bytes,
    "open_bytes": _of_open_bytes,
    "open_uploads": _of_open_uploads,
}
_BEYOND = {
    "bytes": "This file alone is more than the {} that this group may hold.",
    "open_bytes": "This file alone is more than the {} that may be on their way in this group.",
    "open_uploads": "This group takes no uploads for now.",
}
"""Where waiting and deleting would not help."""
