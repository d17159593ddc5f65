"""The transfers of one account on this machine: put there, found again, changed.

One transfer for each purpose: the same file for the same group and name, or the same upload to the
same place, is the same transfer however often it is asked for. Every change of state goes by the
table in ``cycle`` and is one transaction, so two processes never both think that it was theirs.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from manyhands.errors import NoSuchTransfer
from manyhands.transfers.cycle import OVER, Event, State, after
from manyhands.transfers.database import Database
from manyhands.words import valid

Kind = Literal["upload", "download"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What makes a transfer the same one. ``path``: absolute; ``group``, ``name``: as given, or "".

    ``aim``: the upload that it is about, if just this one was asked for: to help with, to fetch.
    """

    kind: Kind
    path: str
    group: str = ""
    name: str = ""
    aim: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """``size`` and ``mtime_ns`` of the file when it was last looked at; ``digests``: of its first
    parts, 32 bytes each; ``client``: its name at the board; ``wish``: *pause* if somebody asked;
    ``why``: what went wrong, or why it waits; times in seconds since the epoch."""

    id: int
    kind: Kind
    path: str
    group: str
    name: str
    aim: str
    upload: str
    size: int
    mtime_ns: int
    part_size: int
    digests: bytes
    client: str
    seq: int
    bytes_done: int
    own_bytes: int
    state: State
    why: str
    wish: str
    place: float
    created_at: float
    changed_at: float
    options: Mapping[str, Any] = field(default_factory=dict)


_SAME = (
    "SELECT id FROM transfers WHERE kind = :kind AND account = :account"
    " AND path = :path AND grp = :grp AND name = :name AND aim = :aim"
)


class Shelf:
    """``account``: whose transfers these are; nobody else's are ever changed here, or shown."""

    def __init__(
        self, database: Database, account: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._database, self.account, self._clock = database, account, clock

    def put(self, purpose: Purpose, **about: Any) -> Transfer:
        """The transfer for this purpose, new or known, with ``about`` brought up to date."""
        values: dict[str, Any] = {
            "kind": purpose.kind,
            "path": _packed(purpose.path),
            "grp": valid(purpose.group),
            "name": valid(purpose.name),
            "aim": purpose.aim,
            "account": self.account,
            "now": self._clock(),
        }
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO transfers (kind, account, path, grp, name, aim, state, place,"
                " created_at, changed_at)"
                " SELECT :kind, :account, :path, :grp, :name, :aim, 'suspended',"
                " (SELECT COALESCE(MAX(place), 0) + 1 FROM transfers), :now, :now"
                f" WHERE NOT EXISTS ({_SAME})",  # a conflict would use up a number
                values,
            )
            row = connection.execute(_SAME, values).fetchone()
        self.note(row["id"], **about)
        return self.get(row["id"])

    def get(self, id: int) -> Transfer:
        """Raises NoSuchTransfer."""
        found = self._select("id = :id", id=id)
        if not found:
            raise NoSuchTransfer(f"There is no transfer {id}. «manyhands transfers» lists them.")
        return found[0]

    def all(self, *states: State) -> list[Transfer]:
        """In the order of the queue; only those in ``states``, if any are given."""
        found = self._select("TRUE")
        return [each for each in found if not states or each.state in states]

    def note(self, id: int, **facts: Any) -> None:
        """Keep facts about it, by the fields of Transfer; its state is not among them."""
        if not facts:
            return
        if "options" in facts:
            facts["options"] = json.dumps(facts["options"])
        names = ", ".join(f"{name} = :{name}" for name in facts)
        with self._database.writing() as connection:
            connection.execute(f"UPDATE transfers SET {names} WHERE id = :id", facts | {"id": id})

    def move(self, id: int, event: Event, why: str = "") -> Transfer:
        """Raises NotNow, NoSuchTransfer."""
        with self._database.writing() as connection:
            values = {"id": id, "why": why, "now": self._clock()}
            values["state"] = after(self.get(id).state, event).value
            connection.execute(
                "UPDATE transfers SET state = :state, why = :why, changed_at = :now, wish = ''"
                " WHERE id = :id",
                values,
            )
            if values["state"] == State.DONE:
                connection.execute("UPDATE transfers SET bytes_done = size WHERE id = :id", values)
            if values["state"] in OVER:
                connection.execute("DELETE FROM unreported WHERE transfer = :id", values)
        return self.get(id)

    def remove(self, id: int) -> None:
        with self._database.writing() as connection:
            connection.execute("DELETE FROM transfers WHERE id = :id", {"id": id})

    def withdraw(self, id: int) -> None:
        """As if it had never been put there: its number is free again, if it was the last."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM transfers WHERE id = :id", {"id": id})
            connection.execute(
                "UPDATE sqlite_sequence SET seq = seq - 1 WHERE name = 'transfers' AND seq = :id",
                {"id": id},
            )

    def wishes(self, ids: Iterable[int]) -> dict[int, str]:
        """Those of them that somebody wants to *pause* or *cancel*."""
        asked = set(ids)
        return {each.id: each.wish for each in self._select("wish != ''") if each.id in asked}

    def first(self, id: int) -> None:
        self._place(id, "(SELECT MIN(place) - 1 FROM transfers)")

    def last(self, id: int) -> None:
        self._place(id, "(SELECT MAX(place) + 1 FROM transfers)")

    def before(self, id: int, other: int) -> None:
        """Right before ``other``. Raises NoSuchTransfer."""
        at = self.get(other).place
        earlier = [each.place for each in self.all() if each.place < at and each.id != id]
        self.note(id, place=(max(earlier, default=at - 2) + at) / 2)

    def unreported(self, id: int, client: str) -> tuple[int, ...]:
        """Parts that the storage has, and the board had not heard of when this was kept."""
        query = "SELECT part FROM unreported WHERE transfer = :id AND client = :client"
        return tuple(
            row["part"] for row in self._database.rows(query, {"id": id, "client": client})
        )

    def sent(self, id: int, client: str, part: int) -> None:
        with self._database.writing() as connection:
            values = {"id": id, "client": client, "part": part}
            connection.execute(
                "INSERT OR IGNORE INTO unreported VALUES (:id, :client, :part)", values
            )

    def forget_sent(self, id: int) -> None:
        with self._database.writing() as connection:
            connection.execute("DELETE FROM unreported WHERE transfer = :id", {"id": id})

    def reported(self, id: int, client: str, parts: Iterable[int]) -> None:
        query = "DELETE FROM unreported WHERE transfer = ? AND client = ? AND part = ?"
        with self._database.writing() as connection:
            connection.executemany(query, [(id, client, part) for part in parts])

    def _place(self, id: int, place: str) -> None:
        with self._database.writing() as connection:
            connection.execute(f"UPDATE transfers SET place = {place} WHERE id = :id", {"id": id})

    def _select(self, where: str, **values: Any) -> list[Transfer]:
        query = f"SELECT * FROM transfers WHERE account = :account AND {where} ORDER BY place, id"
        rows = self._database.rows(query, values | {"account": self.account})
        return [_transfer(dict(row)) for row in rows]


def accounts(database: Database) -> list[str]:
    """All who have transfers on this machine."""
    rows = database.rows("SELECT DISTINCT account FROM transfers ORDER BY account", {})
    return [str(row["account"]) for row in rows]


def _packed(path: str) -> bytes:
    """A path need not be text; as bytes it always comes back as it was."""
    return path.encode("utf-8", "surrogateescape")


def _transfer(row: dict[str, Any]) -> Transfer:
    del row["account"]
    row["group"] = row.pop("grp")
    row["path"] = row["path"].decode("utf-8", "surrogateescape")
    return Transfer(**row | {"state": State(row["state"]), "options": json.loads(row["options"])})
