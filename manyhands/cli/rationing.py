"""``manyhands admin limits`` and ``usage``: what groups may take, and what they take."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Annotated

import msgspec
import typer

from manyhands import words
from manyhands.admin.pool import PERSONAL, Pool, names_of
from manyhands.admin.room import EVERYBODY, Limits, Room, Usage, total
from manyhands.cli import context, showing
from manyhands.cli.saying import say
from manyhands.errors import BadInput

SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)B?", re.IGNORECASE)
UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
MOST = 10**18
"""An exabyte: far beyond anybody's bucket, and a number that every store and reader keeps whole."""

NONE = "none"
COUNTS = frozenset({"files", "stored", "uploads", "under way"})


def limits(
    ctx: typer.Context,
    group: Annotated[str, typer.Argument(help="The group's name; else all are shown.")] = "",
    own: Annotated[bool, typer.Option("--own", help="Of everybody's own group, each.")] = False,
    bytes: Annotated[str, typer.Option(help="Stored and under way, e.g. 5T.")] = "",
    open_bytes: Annotated[str, typer.Option(help="Under way, e.g. 500G.")] = "",
    open_uploads: Annotated[str, typer.Option(help="Unfinished uploads, e.g. 20.")] = "",
    json: context.Json = False,
) -> None:
    """Set or show what groups may take.

    «none» lifts a limit. A lower one ends nothing that was begun: only new uploads are refused.
    """
    given = {"bytes": bytes, "open_bytes": open_bytes, "open_uploads": open_uploads}
    changes = {name: _number(name, text) for name, text in given.items() if text}
    if (own and group) or (changes and not own and not group):
        raise BadInput("Whose limits? Name one group, or give --own. Nothing was changed.")
    pool, room = Pool(ctx.obj), Room(ctx.obj)
    if group:
        pool.group(group)
    names = [EVERYBODY] if own else [group] if group else [*_groups(pool), EVERYBODY]
    held = {names[0]: room.set_limits(names[0], changes)} if changes else room.limits(names)
    for name in names:
        _show_limits(name, held.get(name, Limits()), json=json)


def usage(
    ctx: typer.Context,
    group: Annotated[str, typer.Argument(help="Only of this group.")] = "",
    by_person: Annotated[
        bool, typer.Option("--by-person", help="A row for each who has something there.")
    ] = False,
    json: context.Json = False,
) -> None:
    """Show what groups store and have under way.

    An upload counts with its whole size from its beginning until it ends or is deleted.
    """
    rows = list(_rows(Pool(ctx.obj), Room(ctx.obj), group, by_person=by_person))
    if json:
        for row in rows:
            typer.echo(row.as_json())
        return
    table = showing.columns(*_headings(by_person), right=COUNTS)
    for row in rows:
        table.add_row(*row.texts())
    showing.put_rows(showing.console(), lambda _: table)


@dataclass(frozen=True, slots=True)
class Row:
    """``owner``: of whom it is the own group, "" for another; ``person``: whose part of it."""

    group: str
    owner: str
    used: Usage
    limits: Limits | None
    person: str = ""

    def texts(self) -> list[str]:
        used = self.used
        figures = [str(used.stored_files), words.size(used.stored_bytes)]
        figures += [str(used.open_uploads), words.size(used.open_bytes)]
        whose = f"{self.owner} (own)" if self.owner else self.group
        last = in_words(self.limits) if self.limits else self.person
        return [words.harmless(whose), *figures, words.harmless(last)]

    def as_json(self) -> str:
        said = {"event": "usage", "group": self.group, "owner": self.owner} | asdict(self.used)
        more = asdict(self.limits) if self.limits else {}
        held = {f"most_{name}": most for name, most in more.items()}
        by = {"person": self.person} if self.person else {}
        return msgspec.json.encode(said | held | by).decode()


def _headings(by_person: bool) -> list[str]:
    return ["group", "files", "stored", "uploads", "under way", "person" if by_person else "limits"]


def _rows(pool: Pool, room: Room, group: str, *, by_person: bool) -> Iterator[Row]:
    if group:
        pool.group(group)
    used = room.usage(group)
    names = (
        [group] if group else list(dict.fromkeys([*_groups(pool), *sorted(of for of, _ in used)]))
    )
    held = {} if by_person else room.limits({_limited(name) for name in names})
    owners = names_of(pool.people())
    for name in names:
        owner = owners.get(name, "somebody") if name.startswith(PERSONAL) else ""
        of_group = {person: took for (of, person), took in sorted(used.items()) if of == name}
        if not by_person:
            limit = held.get(_limited(name), Limits())
            yield Row(name, owner, total(of_group.values()), limit)
        for person, took in of_group.items() if by_person else ():
            yield Row(name, owner, took, None, person)


def _limited(group: str) -> str:
    """The name under which the group's limits are."""
    return EVERYBODY if group.startswith(PERSONAL) else group


def in_words(limits: Limits) -> str:
    """E.g. ``5 TB, 20 unfinished``."""
    said = []
    if limits.bytes is not None:
        said.append(words.size(limits.bytes))
    if limits.open_bytes is not None:
        said.append(f"{words.size(limits.open_bytes)} under way")
    if limits.open_uploads is not None:
        said.append(f"{limits.open_uploads} unfinished")
    return ", ".join(said) or NONE


def _groups(pool: Pool) -> list[str]:
    return [group.name for group in pool.groups()]


def _number(name: str, text: str) -> int | None:
    """Raises BadInput."""
    text = text.strip()
    if text.casefold() == NONE:
        return None
    match = SIZE.fullmatch(text)
    most = Decimal(match[1]) * UNITS[match[2].upper()] if match else MOST + 1
    if most > MOST or (name == "open_uploads" and not text.isdecimal()):
        example = "20" if name == "open_uploads" else "500G or 5T"
        option = f"--{name.replace('_', '-')}"
        raise BadInput(f"«{text}» is nothing for {option}. Write for example {example}, or none.")
    return int(most)


def _show_limits(group: str, limits: Limits, *, json: bool) -> None:
    if json:
        said = {"event": "limits", "group": group} | asdict(limits)
        typer.echo(msgspec.json.encode(said).decode())
        return
    whose = "everybody's own, each" if group == EVERYBODY else words.harmless(group)
    say(f"{whose}: {in_words(limits)}")
