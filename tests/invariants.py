"""The invariants: what always holds. ``docs/design.md`` lists them by these names.

Each is a small function of values that raises Broken with its own name. The simulation asks them
after every write and at the end of every story; any other suite may.
"""

from collections.abc import Collection, Mapping, Sequence

from chalicelib.domain.board import Rules
from chalicelib.domain.lifetime import NOTIFIED
from chalicelib.domain.rescue import MAX_HOLDERS, expected_ends, relied_on
from chalicelib.domain.status import ENDED, TRANSITIONS, Status
from chalicelib.domain.uploads import NoticeState, Upload

AT_ONCE = frozenset({(Status.PAUSED, Status.ASSEMBLING)})
"""Resumed and full: two steps of the table in one write."""


class Broken(AssertionError):
    """An invariant does not hold. ``name`` as in the design."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")
        self.name = name


def right_bytes(
    upload: Upload, stored: Sequence[bytes], files: Collection[Sequence[bytes]]
) -> None:
    """``stored``: the digests of the object's parts; ``files``: those of all files it may be."""
    if stored not in files:
        raise Broken("right bytes", f"the object of {upload.key} is nobody's file")


def one_object(upload: Upload, joined: Mapping[str, int], keys: Collection[str]) -> None:
    """``joined``: how often each key came to an object; ``keys``: where there is one now."""
    mine = [key for key in keys if key.split("/")[1] == upload.id]
    if any(joined[key] > 1 for key in joined) or len(mine) > 1:
        raise Broken("one object", f"{upload.id} became {dict(joined)}, there are {mine}")
    if upload.status is Status.COMPLETE and mine != [upload.key]:
        raise Broken("one object", f"{upload.key} is complete, and there is {mine}")


def done_stays(before: Upload, after: Upload, listed: Collection[int]) -> None:
    """``listed``: the parts that the storage named when it was asked last."""
    if after.generation != before.generation:
        return _begun_anew(before, after)
    _one_step(before, after)
    old, new = before.board.tickets, after.board.tickets
    if old == new:
        return None
    changed = {
        n for n, (was, now) in enumerate(zip(old, new, strict=True), 1) if was not in (0, now)
    }
    checked = before.status is Status.ASSEMBLING and after.status is Status.ACTIVE
    if changed and not (
        checked and changed.isdisjoint(listed) and not any(new[n - 1] for n in changed)
    ):
        raise Broken("done stays", f"{sorted(changed)} of {after.key} went back")
    return None


def _begun_anew(before: Upload, after: Upload) -> None:
    fresh = not any(after.board.tickets) and after.status is Status.INITIALIZED
    if before.status not in ENDED or after.generation != before.generation + 1 or not fresh:
        raise Broken("done stays", f"{before.key} ({before.status}) was begun anew as {after.key}")
    if before.multipart_id == after.multipart_id:
        raise Broken("one object", f"{after.key} sends to its former self's multipart upload")


def _one_step(before: Upload, after: Upload) -> None:
    step = (before.status, after.status)
    if step[0] is step[1] or step in AT_ONCE:
        return
    if step[1] not in TRANSITIONS[step[0]].values():
        raise Broken("done stays", f"{after.key} went from {step[0]} to {step[1]}")


def honest_progress(upload: Upload) -> None:
    """The rows of the clients add up to the board, and no ticket is counted that is not known."""
    board = upload.board
    tickets, clients = board.tickets, board.clients
    done = len(tickets) - tickets.count(0)
    if sum(c.parts for c in clients) != done or sum(c.bytes for c in clients) != board.bytes_done:
        raise Broken("honest progress", f"the rows of {upload.key} do not add up to its tickets")
    for client in clients:
        if tickets.count(client.number) != client.parts:
            raise Broken("honest progress", f"client {client.number} is credited {client.parts}")
    if any(tickets[board.known :]):
        raise Broken("honest progress", f"{upload.key} counts a part whose digest is not known")


def true_progress(upload: Upload, brought: Mapping[int, bool]) -> None:
    """``brought``: parts that honest clients have just reported; does the storage have them?"""
    missing = [part for part, there in brought.items() if not there]
    if missing:
        raise Broken("honest progress", f"{missing} of {upload.key} are counted and nowhere stored")


def bounded_holding(before: Upload, after: Upload, now: int, rules: Rules) -> None:
    """Nobody holds more than allowed, or is handed what two others can be relied on for.

    Of what is handed out only: who was taken for lost may be heard of again, and be a third.
    """
    known = {c.id: c for c in before.board.clients}
    changed = [c for c in after.board.clients if c.held and known.get(c.id) is not c]
    if any(len(c.held) > rules.max_held for c in changed):
        raise Broken("bounded cost", f"a client of {after.key} holds too much")
    held = {c.id: known[c.id].held for c in changed if c.id in known}
    taken = {p for c in changed for p in c.held if p not in held.get(c.id, ())}
    if not taken:
        return
    ends = expected_ends(after.board, now, rules)
    most = max(relied_on(ends.get(part, ())) for part in taken)
    if most > MAX_HOLDERS:
        raise Broken("bounded cost", f"a part of {after.key} was given to {most}")
    if max(taken) > after.board.known:
        raise Broken("right bytes", f"{after.key} handed out a part whose digest is not known")


def no_step_back(before: Upload, after: Upload) -> None:
    """An exchange that comes late changes nothing: a client's ``seq`` only grows."""
    seqs = {c.id: c.seq for c in before.board.clients}
    late = [c.id for c in after.board.clients if c.seq < seqs.get(c.id, 0)]
    if late and after.generation == before.generation:
        raise Broken("idempotent calls", f"an older exchange of {late} took effect")


def idempotent(what: str, first: object, second: object) -> None:
    """The same call twice in a row: the second changes nothing and answers the same."""
    if first != second:
        raise Broken("idempotent calls", f"{what}: {first}, and then {second}")


def tenancy(who: str, did: str, answer: object) -> None:
    """``answer``: what a stranger was told, which must be an accepted refusal (None)."""
    if answer is not None:
        raise Broken("tenancy", f"{who} could {did}: {answer}")


def one_notice(upload: str, told: int, windows: int) -> None:
    """``windows``: how often a function ended between telling and writing it down."""
    if told > 1 + windows:
        raise Broken("one notice", f"{upload} was told {told} times, with {windows} such ends")


def notice_is_true(told: tuple[str, int, str], written: Collection[tuple[str, int, str]]) -> None:
    """``told``: upload, generation, status; it must have been written before."""
    if told not in written:
        raise Broken("one notice", f"{told} was told before it was so")


def told_at_all(upload: Upload, told: int) -> None:
    if upload.status in NOTIFIED and (upload.notice is not NoticeState.SENT or not told):
        raise Broken("one notice", f"{upload.key} is {upload.status}, and nobody was told")


def step_by_step(telling: object) -> None:
    """``telling``: what was told and is not written down, while the next step is taken."""
    if telling is not None:
        raise Broken("one notice", f"{telling} was told, and a mail sent before that was written")


def failed_for_a_reason(upload: Upload, keys: Collection[str], faults: bool) -> None:
    """Only a storage that does not answer makes an upload fail, and never one that was joined."""
    if upload.key in keys:
        raise Broken("one object", f"{upload.key} failed, and there is its object")
    if not faults:
        raise Broken("liveness", f"{upload.key} failed without a fault: {upload.reason}")


def nothing_forgotten(client: str, forgotten: Collection[int], reported: Collection[int]) -> None:
    """``forgotten``: parts sent that a client no longer counts as unreported."""
    if lost := set(forgotten) - set(reported):
        raise Broken("bounded cost", f"{client} forgot that it sent {sorted(lost)}")


def nothing_unclaimed(client: str, sending: Collection[int], holding: Collection[int]) -> None:
    if unnamed := set(sending) - set(holding):
        raise Broken("bounded cost", f"{client} sends {sorted(unnamed)} and does not name them")


def nothing_kept(client: str, holding: Collection[int], revoked: Collection[int]) -> None:
    if kept := set(holding) & set(revoked):
        raise Broken("bounded cost", f"{client} still holds {sorted(kept)}, which were revoked")


def liveness(who: str, waited_s: int) -> None:
    raise Broken("liveness", f"{who} has not finished {waited_s} s after the last fault")


def no_orphans(left: Collection[str], what: str) -> None:
    if left:
        raise Broken("no orphans", f"{what} left behind: {sorted(left)}")


def bounded_cost(what: str, spent: int, most: int) -> None:
    if spent > most:
        raise Broken("bounded cost", f"{what}: {spent}, and {most} should be enough")
