"""The line of one transfer on a terminal: name, phase, bar, share, amount, speeds, time left.

Where the terminal is narrow it loses what matters least first: who is how fast, what is on its way,
the whole speed, the phase while it moves, and the bar last. The name is cut in its middle first.
"""

from collections.abc import Iterator

from rich.text import Text

from manyhands.cli.steps import NO_SPEED, Step
from manyhands.cli.views import percent, shortened

APART = "  "
SHORTEST_NAME, SHORTEST_BAR, LONGEST_BAR = 18, 8, 40


def line(name: str, step: Step, width: int) -> Text:
    """In at most ``width`` cells, unless that is less than anything fits in."""
    for head, facts, bar in _choices(name, step):
        tail = APART.join(filter(None, facts))
        gap = len(APART) * bool(name or head)
        room = width - gap - len(tail) - (SHORTEST_BAR + len(APART)) * bar
        if room >= _least(name, head):
            said = _head(name, head, room)
            left = room + SHORTEST_BAR - said.cell_len
            drawn = [bar_of(step, min(LONGEST_BAR, left))] if bar else []
            return Text(APART).join([*([said] * bool(gap)), *drawn, Text(tail)])
    return Text(tail[:width])


def bar_of(step: Step, room: int) -> Text:
    """What is on its way is drawn lighter than what is done."""
    done = int(room * step.share)
    ahead = int(room * min(1.0, step.share_ahead)) - done
    rest = room - done - ahead
    return Text.assemble(("━" * done, "cyan"), ("─" * ahead, "cyan dim"), ("╌" * rest, "dim"))


def _choices(name: str, step: Step) -> Iterator[tuple[str, list[str], bool]]:
    """Phase, facts and whether there is a bar; the richest first."""
    share, amount, left = percent(step.share), step.text, step.left
    yield step.what, [share, amount, step.ahead, step.speeds, left], True
    yield step.what, [share, amount, step.ahead, step.speed, left], True
    yield step.what, [share, amount, step.speed, left], True
    yield step.what, [share, amount, left], True
    if name and step.speeds != NO_SPEED:
        yield "", [share, amount, left], True
    yield step.what, [share, amount, left], False
    yield "", [share, amount, left], False


def _head(name: str, what: str, room: int) -> Text:
    if not name:
        return Text(what)
    after = f": {what}" if what else ""
    return Text(shortened(name, room - len(after)) + after)


def _least(name: str, what: str) -> int:
    if not name:
        return len(what)
    return min(len(name), SHORTEST_NAME) + (len(what) + 2 if what else 0)
