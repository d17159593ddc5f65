"""``manyhands list``: the uploads of one's groups, newest first.

The service lists group by group, in pages. Without ``--all`` one page of each group is asked for:
the newest of all are among them. A terminal that is too narrow for a row gets two short lines for
each upload; what is no terminal gets whole rows, so nothing is cut from what a script reads.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec
from rich.console import Group as Several
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from manyhands import words
from manyhands.board import statuses
from manyhands.board.totals import share_of
from manyhands.cli.views import percent, status_style
from manyhands.net.api import Api
from manyhands.upload.groups import chosen
from manyhands.wire import Group, Upload

NEWEST = 20
NARROW = 110
LEAST_FACTS = 2
HEADINGS = ("upload", "name", "size", "status", "done", "owner", "group", "begun")
RIGHT = frozenset({"size", "done", "begun"})


@dataclass(frozen=True, slots=True)
class Listed:
    """``more``: there are older ones. ``groups``: the caller's, by id."""

    uploads: list[Upload]
    more: bool
    groups: Mapping[str, Group]


def listed(api: Api, wanted: str, *, everything: bool) -> Listed:
    """The uploads of one group, or of all the caller's. Raises NoSuchGroup."""
    mine = api.me().groups
    groups = [chosen(mine, wanted)] if wanted else mine
    by_id = {group.id: group for group in mine}
    if everything:
        found = [upload for group in groups for upload in all_of(api, group.id)]
        return Listed(newest_first(found), False, by_id)
    pages = [api.uploads(group.id, limit=NEWEST) for group in groups]
    found = newest_first([upload for page in pages for upload in page.uploads])
    more = len(found) > NEWEST or any(page.next for page in pages)
    return Listed(found[:NEWEST], more, by_id)


def all_of(api: Api, group: str) -> Iterator[Upload]:
    """All uploads of one group, page by page."""
    cursor: str | None = None
    while True:
        page = api.uploads(group, cursor)
        yield from page.uploads
        cursor = page.next
        if not cursor:
            return


def newest_first(uploads: Sequence[Upload]) -> list[Upload]:
    return sorted(uploads, key=lambda upload: -upload.created_at)


def as_json(upload: Upload) -> str:
    return msgspec.json.encode({"event": "upload", **msgspec.to_builtins(upload)}).decode()


def table(found: Listed, now_ms: int, width: int) -> RenderableType:
    """One row for each upload, or two lines where the ``width`` is narrow."""
    rows = [(upload, row(upload, found.groups, now_ms)) for upload in found.uploads]
    if width < NARROW:
        return Several(*(line for each in rows for line in _short(*each, now_ms, width)))
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for name in HEADINGS:
        side: Literal["left", "right"] = "right" if name in RIGHT else "left"
        table.add_column(name, justify=side, no_wrap=True, overflow="ellipsis")
    for upload, texts in rows:
        table.add_row(*_styled(upload, texts, now_ms))
    return table


def row(upload: Upload, groups: Mapping[str, Group], now_ms: int) -> tuple[str, ...]:
    """The texts under ``HEADINGS``."""
    status = statuses.shown(upload, now_ms)
    group = groups.get(upload.group)
    return (
        words.harmless(upload.id, 40),
        words.harmless(upload.name, 60),
        words.size(upload.size),
        words.harmless(statuses.in_words(status), 30),
        percent(share_of(upload)),
        "you" if upload.yours else words.harmless(upload.owner, 30),
        words.harmless(group.name if group else upload.group, 30),
        words.ago((now_ms - upload.created_at) / 1000),
    )


def _styled(upload: Upload, texts: Sequence[str], now_ms: int) -> list[Text]:
    styles = {"name": "bold", "status": status_style(statuses.shown(upload, now_ms))}
    return [Text(text, styles.get(name, "")) for name, text in zip(HEADINGS, texts, strict=True)]


def _short(upload: Upload, texts: Sequence[str], now_ms: int, width: int) -> list[Text]:
    id, name, size, status, done, owner, group, begun = _styled(upload, texts, now_ms)
    state = Text("  ").join([status] if upload.status == "complete" else [done, status])
    name.truncate(max(8, width - state.cell_len - 2), overflow="ellipsis")
    first = Text.assemble(name, " " * max(2, width - name.cell_len - state.cell_len), state)
    second = _fitting([id, size, owner, group, begun], width)
    second.stylize("dim")
    return [first, second]


def _fitting(facts: list[Text], width: int) -> Text:
    """The first and the last are always whole; those between are left out from the second on."""
    line = Text(" · ").join(facts)
    if line.cell_len > width and len(facts) > LEAST_FACTS:
        return _fitting([facts[0], *facts[2:]], width)
    return line
