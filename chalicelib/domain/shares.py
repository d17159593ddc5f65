"""Who brought which share of a finished file, and what one line alone would have taken."""

from dataclasses import dataclass
from itertools import groupby

from chalicelib.domain.board import Client
from chalicelib.domain.uploads import Upload


@dataclass(frozen=True, slots=True)
class Share:
    """One device's part in an upload. ``percent`` of the file's bytes, ``rate`` in bytes/s."""

    person: str
    label: str
    parts: int
    bytes: int
    percent: float
    rate: int


def shares(upload: Upload) -> list[Share]:
    """The devices that brought something, the largest share first; two lives of one are one."""
    clients = sorted(upload.board.clients, key=_device)
    rows = (_share(upload, list(lives)) for _, lives in groupby(clients, _device))
    return sorted((r for r in rows if r.parts), key=lambda r: -r.bytes)


def took_ms(upload: Upload) -> int:
    """From the first client's arrival to the end."""
    began = min((c.joined_at for c in upload.board.clients), default=upload.created_at)
    return upload.changed_at - began


def single_line_ms(upload: Upload) -> int | None:
    """What the whole file would have taken on the fastest of these lines alone.

    None where that cannot be known: nothing was measured, or the file is empty.
    """
    fastest = max((_rate(c) for c in upload.board.clients), default=0)
    return upload.plan.size * 1000 // fastest if fastest and upload.plan.size else None


def _device(client: Client) -> tuple[str, str]:
    return client.person.name, client.label


def _share(upload: Upload, lives: list[Client]) -> Share:
    brought = sum(c.bytes for c in lives)
    size = upload.plan.size
    return Share(
        person=lives[0].person.name,
        label=lives[0].label,
        parts=sum(c.parts for c in lives),
        bytes=brought,
        percent=100 * brought / size if size else 100.0,
        rate=max(_rate(c) for c in lives),
    )


def _rate(client: Client) -> int:
    """Bytes a second while it worked: from its arrival to the last part it reported."""
    worked = client.delivered_at - client.joined_at
    return client.bytes * 1000 // worked if worked > 0 else 0
