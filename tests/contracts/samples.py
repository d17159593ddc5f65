"""Uploads for contract tests; each call makes another one."""

from dataclasses import replace
from itertools import count

from chalicelib.domain.board import Person, blank
from chalicelib.domain.parts import PartPlan
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import Upload

NOW = 1_700_000_000_000
ANA = Person("sub-ana", "ana")
BEN = Person("sub-ben", "ben")

_numbers = count(1)


def an_upload(status: Status = Status.ACTIVE, at: int = NOW, **fields: object) -> Upload:
    """An upload of 300 bytes in three parts, created and last changed at ``at``."""
    board = replace(blank(PartPlan(300, 100), 3), status=status)
    base = Upload(
        id=f"upload{next(_numbers)}",
        generation=1,
        group="film",
        owner=ANA,
        name="film.mov",
        multipart_id="multipart",
        board=board,
        created_at=at,
        changed_at=at,
        touched_at=at,
    )
    return replace(base, **fields)  # type: ignore[arg-type]
