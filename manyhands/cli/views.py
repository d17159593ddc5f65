"""What several views of an upload have in common: its header, its colours, numbers in short.

Everything here makes rich's texts and tables from a ``Look``; how they come to the screen is the
commands' business. Colours only add: whatever they say is also said by a letter or a word. Texts of
other people are never markup, and lose whatever a terminal would obey.
"""

import colorsys
import io
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from manyhands import words
from manyhands.board import statuses
from manyhands.board.cells import hue
from manyhands.board.look import Look
from manyhands.board.totals import share_of, totals
from manyhands.wire import Upload

STYLES = {"complete": "green", "active": "cyan", "assembling": "cyan"}
BAD = frozenset({"failed", "cancelled", "expired", "deleted"})
LONGEST_HELD = 3
APART = "   "
TINY = 1e-9
"""What a division may be short of."""
TILE, INK = 0.42, 0.6
"""How light a device's colour is behind a letter, and as one."""


def header(look: Look, width: int) -> list[Text]:
    """Name and status, a bar, figures, and what else there is to say: a line each."""
    lines = [_title(look, width), _bar(share_of(look.upload), width)]
    lines += packed([Text(figure) for figure in _figures(look)], width)
    hints = [Text(hint, "dim") for hint in _hints(look)]
    return lines + [line for hint in hints for line in wrapped(hint, width)]


def packed(pieces: Sequence[Text], width: int) -> list[Text]:
    """Pieces side by side, in as few lines as they fit in; each stays whole."""
    lines: list[Text] = []
    for piece in pieces:
        if lines and lines[-1].cell_len + len(APART) + piece.cell_len <= width:
            lines[-1].append(APART).append_text(piece)
        else:
            lines.append(Text.assemble(piece))
    return lines


def colour(number: int, light: float) -> str:
    """A device's colour; ``light`` from 0 to 1."""
    parts = colorsys.hls_to_rgb(hue(number) / 360, light, 0.62)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def status_style(status: str) -> str:
    return "red" if status in BAD else STYLES.get(status, "yellow")


def percent(share: float) -> str:
    """Never 100 before all is there; as ``words.share`` says it."""
    return f"{int(100 * share + TINY)} %"


def ranges(numbers: Sequence[int], longest: int = LONGEST_HELD) -> str:
    """Numbers in short, e.g. ``3–5, 9``; after ``longest`` ranges an ellipsis."""
    found: list[list[int]] = []
    for number in sorted(numbers):
        if found and number == found[-1][-1] + 1:
            found[-1] = [found[-1][0], number]
        else:
            found.append([number])
    shown = ["–".join(map(str, each)) for each in found[:longest]]
    return ", ".join(shown + ["…"] * (len(found) > longest))


def shortened(text: str, width: int) -> str:
    """At most ``width`` cells, cut in the middle: what is last tells files of a folder apart."""
    if cell_len(text) <= width:
        return text
    last = max(1, (width - 1) * 2 // 3)
    ends = next(text[at:] for at in range(len(text)) if cell_len(text[at:]) <= last)
    first = max(0, width - 1 - cell_len(ends))
    begins = next(text[:at] for at in range(len(text), -1, -1) if cell_len(text[:at]) <= first)
    return f"{begins.rstrip()}…{ends.lstrip()}"


def plain(shown: RenderableType, width: int) -> str:
    """As text, without colours and without blanks at the ends of lines."""
    file = io.StringIO()
    Console(file=file, width=width, color_system=None, highlight=False).print(shown)
    return "\n".join(line.rstrip() for line in file.getvalue().rstrip("\n").split("\n"))


def figures(look: Look) -> str:
    """One line: how far, how fast, how long still."""
    found = [percent(share_of(look.upload)), *_figures(look)]
    return f"{statuses.in_words(statuses.shown(look.upload, look.now_ms))}  {', '.join(found)}"


def _title(look: Look, width: int) -> Text:
    status = statuses.shown(look.upload, look.now_ms)
    said = words.harmless(statuses.in_words(status), 30)
    name = Text(words.harmless(look.upload.name), "bold")
    name.truncate(max(1, width - cell_len(said) - 2), overflow="ellipsis")
    gap = " " * max(2, width - name.cell_len - cell_len(said))
    return Text.assemble(name, gap, (said, status_style(status)))


def _bar(share: float, width: int) -> Text:
    said = f"{percent(share):>6}"
    room = max(1, width - len(said))
    full = int(room * share)
    return Text.assemble(("━" * full, "cyan"), ("╌" * (room - full), "dim"), said)


def _figures(look: Look) -> list[str]:
    upload, found = look.upload, totals(look)
    size = words.size(upload.size)
    figures = [size if upload.status == "complete" else _of(upload)]
    if upload.status == "complete":
        figures.append(f"took {_took(upload)}")
    if found.rate:
        many = "1 device" if found.devices == 1 else f"{found.devices} devices"
        figures.append(f"{words.rate(found.rate)} from {many}")
    if found.eta_s is not None:
        figures.append(f"about {_roughly(found.eta_s)} left")
    return figures


def _took(upload: Upload) -> str:
    seconds = (upload.changed_at - upload.created_at) / 1000
    return words.span(seconds) if seconds < 10 else words.lasted(seconds)


def _roughly(seconds: float) -> str:
    """An estimate has no tenths of seconds."""
    return f"{max(1, round(seconds))} s" if seconds < 10 else words.span(seconds)


def _of(upload: Upload) -> str:
    return f"{words.size(upload.bytes_done)} of {words.size(upload.size)}"


def _hints(look: Look) -> list[str]:
    hint = statuses.HINTS.get(statuses.shown(look.upload, look.now_ms), "")
    reason = words.harmless(look.upload.reason)
    silent = f"No answer for {words.span(look.age_s)}; trying again." if look.age_s else ""
    return [text for text in (silent, hint, reason and f"Reason: {reason}") if text]


def wrapped(text: Text, width: int) -> list[Text]:
    return list(text.wrap(Console(width=width, file=io.StringIO()), width))
