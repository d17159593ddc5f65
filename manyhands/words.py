"""Numbers and other people's text, made fit to be read in a terminal.

Names and labels come from other people and other machines. Control characters could move the
cursor, change colours or write into the terminal's clipboard, and marks that turn the direction of
writing could make one name look like another; all are replaced, and the text is never taken for
markup.
"""

import unicodedata

REPLACEMENT = "�"
LONGEST = 120
_UNSAFE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNS_DIRECTION = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def harmless(text: str, longest: int = LONGEST) -> str:
    """The text without anything that a terminal would obey, cut to ``longest`` characters."""
    safe = "".join(REPLACEMENT if _unsafe(c) else c for c in text[: longest + 1])
    return safe if len(safe) <= longest else f"{safe[: longest - 1]}…"


def valid(text: str) -> str:
    """Text that can be sent, also where its bytes on this machine were not UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def size(count: float) -> str:
    """Bytes, e.g. ``1.4 GB``."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 999.5:
            return f"{count:.0f} {unit}" if unit == "B" or count >= 100 else f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.4g} TB"


def rate(count: int) -> str:
    return f"{size(count)}/s"


def span(seconds: float) -> str:
    """Seconds, as precise as one cares, e.g. ``4 min``."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def ago(seconds: float) -> str:
    """How long ago, in whole units, e.g. ``4 min ago``; what is under five seconds is ``now``."""
    return "now" if seconds < 5 else f"{lasted(seconds)} ago"


def lasted(seconds: float) -> str:
    """As ``ago`` counts, so that the two agree where they stand side by side."""
    units = ((60, 1, "s"), (3600, 60, "min"), (86_400, 3600, "h"))
    for limit, unit, name in units:
        if seconds < limit:
            return f"{seconds // unit:.0f} {name}"
    days = int(seconds // 86_400)
    return f"{days} day{'s' if days > 1 else ''}"


def share(part: int, whole: int) -> str:
    """Never 100 before all is there."""
    return f"{100 * part // whole} %" if whole else "100 %"


def _unsafe(c: str) -> bool:
    return c in _TURNS_DIRECTION or unicodedata.category(c) in _UNSAFE
