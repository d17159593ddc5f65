"""What ``pause``, ``rm``, ``move`` and the like say of a transfer, by the state that it is in.

Each reply says what is true now, what is kept, and which command does what was perhaps meant; so
there is a sentence for each command in each state, and they stand side by side here.
"""

from collections.abc import Mapping, Sequence

from manyhands import words
from manyhands.cli.shelf_view import name_of
from manyhands.transfers.cycle import CARRIED, State
from manyhands.transfers.shelf import Transfer

GONE_ON = "«manyhands resume {id}» goes on."
OFF_THE_LIST = "«manyhands rm {id}» takes it off the list."
ELSEWHERE: Mapping[State, str] = {
    State.QUEUED: "{name} waits for its turn in another process on this machine.",
    State.ONGOING: "{name} is under way in another process on this machine.",
}
NOT_PAUSED: Mapping[State, str] = {
    State.PAUSED: f"{{name}} is paused here already. {GONE_ON}",
    State.DONE: f"{{name}} is done; there is nothing to pause. {OFF_THE_LIST}",
    State.CANCELLED: f"{{name}} is cancelled; there is nothing to pause. {OFF_THE_LIST}",
    State.FAILED: (
        "{name} has failed; there is nothing to pause. «manyhands resume {id}» tries once more."
    ),
}
NOT_CANCELLED: Mapping[State, str] = {
    State.DONE: f"{{name}} is done; there is nothing to cancel. {OFF_THE_LIST}",
    State.CANCELLED: f"{{name}} is cancelled already. {OFF_THE_LIST}",
}
NOT_MOVED: Mapping[State, str] = {
    State.ONGOING: "{name} is under way already; only what waits has a place in the queue.",
    State.DONE: "{name} is done; it has no place in the queue.",
    State.CANCELLED: "{name} is cancelled; it has no place in the queue.",
}
AFTER_MOVE: Mapping[State, str] = {
    State.PAUSED: f" It is paused: {GONE_ON}",
    State.SUSPENDED: f" It is suspended: {GONE_ON}",
    State.FAILED: " It has failed: «manyhands resume {id}» tries once more.",
}


def said(sentence: str, transfer: Transfer) -> str:
    """The sentence about this transfer."""
    name = words.harmless(name_of(transfer))
    return sentence.replace("{id}", str(transfer.id)).replace("{name}", name)


def elsewhere(transfer: Transfer, advice: str) -> str:
    """It is another process's. ``advice``: what to do then."""
    sentence = ELSEWHERE.get(transfer.state, "{name} is another process's just now.")
    return said(f"{sentence} {advice}", transfer)


def paused(before: Transfer) -> str:
    """After a pause that came true, by what it was ``before``."""
    not_begun = before.state is State.QUEUED and not before.bytes_done
    when = " before its turn came" if not_begun else ""
    return said(f"{{name}} is paused here{when}. {GONE_ON}", before)


def cancelled(before: Transfer) -> str:
    if before.kind == "download":
        return said("The download of {name} is cancelled; what had arrived is deleted.", before)
    if not before.upload:
        return said("{name} is cancelled; nothing of it had been sent.", before)
    return said("{name} is cancelled for everybody; what was sent of it is thrown away.", before)


def forgotten(before: Transfer) -> str:
    """What remains of a transfer that was taken off the list."""
    return said(f"{{name}} is off the list here{_remains(before)}", before)


def _remains(before: Transfer) -> str:
    upload, done = before.upload, before.state is State.DONE
    if before.kind == "download":
        path = words.harmless(before.path, 1000)
        return f"; the file stays: {path}." if done else "; what had arrived is deleted."
    if not upload:
        return "; nothing of it had been sent."
    if before.state is State.CANCELLED:
        return "."
    if done:
        return f"; the stored file stays. «manyhands rm {upload}» would delete it for everybody."
    return (
        "; the upload goes on without this device, and what was sent stays. "
        f"«manyhands cancel {upload}» would end it for everybody."
    )


def stopped(word: str, transfer: Transfer, moved: int) -> str:
    """``word``: *Paused* or *Stopped*. How much is kept, and how to go on.

    ``moved``: in whole parts just now, of which the shelf may not have heard yet.
    """
    if transfer.kind == "download":
        kept, has, none = transfer.bytes_done, "has arrived and is kept", "had arrived"
    else:
        kept, has, none = transfer.own_bytes, "was sent from here and is kept", "was sent from here"
    kept = max(kept, moved)
    if not kept:
        return said(f"{word} before a whole part {none}. {GONE_ON}", transfer)
    much = f"{words.size(kept)} of {words.size(transfer.size)}"
    return said(f"{word}. {much} {has}. {GONE_ON}", transfer)


def nothing_suspended(shelf: Sequence[Transfer]) -> str:
    """``resume`` found nothing to go on with; what else is there, and how to go on with that."""
    kinds = ((State.PAUSED, "paused"), (State.FAILED, "failed"))
    found = {word: [each.id for each in shelf if each.state is state] for state, word in kinds}
    rest = [_listed(ids, word) for word, ids in found.items() if ids]
    if not rest:
        under_way = any(each.state in CARRIED for each in shelf)
        other = "; what there is goes on in another process" if under_way else ""
        return f"Nothing is suspended{other}. «manyhands transfers» lists all."
    first, *others = (id for ids in found.values() for id in ids)
    every = " with one, «manyhands resume --all» with all of them." if others else "."
    return f"Nothing is suspended. {' '.join(rest)} «manyhands resume {first}» goes on{every}"


def _listed(ids: Sequence[int], word: str) -> str:
    numbers = ", ".join(map(str, ids[:-1])) + f" and {ids[-1]}" if len(ids) > 1 else str(ids[0])
    many = "s" if len(ids) > 1 else ""
    verb = "are" if len(ids) > 1 else "is"
    return f"Transfer{many} {numbers} {verb} {word}."
