"""A name from the service, made fit for this disk.

Names are other people's. One with a separator would leave the folder; ``..`` is the folder above;
one that begins with a dot is hidden, and some are obeyed by other programs; control characters
and marks that turn the direction of writing make a name look like another; Windows knows devices
by name and forbids some characters. All are replaced and never refused, because the file is wanted
in any case. What is cut for length keeps its ending, by which a system knows what to open it with.
"""

import os
import unicodedata

LONGEST = 230
"""Bytes in UTF-8; file systems take 255, and a file on its way needs some for its own ending."""

_FORBIDDEN = frozenset("/\\\0")
_FORBIDDEN_ON_WINDOWS = frozenset('<>:"|?*')
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")  # Persian and many emoji cannot do without
_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"]
    + [f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³"]
)


def safe_name(name: str, *, windows: bool = os.name == "nt") -> str:
    """The name of a file in one folder, never empty."""
    safe = "".join("_" if _forbidden(c, windows) else c for c in name)
    if windows:
        safe = _for_windows(safe)
    if safe.startswith("."):
        safe = "_" + safe[1:]
    return shortened(safe) or "_"


def shortened(name: str, longest: int = LONGEST) -> str:
    """At most so many bytes, with the same ending."""
    if len(name.encode("utf-8", "replace")) <= longest:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > 20:
        stem, dot, ending = name, "", ""
    tail = (dot + ending).encode()
    return (stem.encode()[: longest - len(tail)] + tail).decode("utf-8", "ignore")


def _forbidden(c: str, windows: bool) -> bool:
    unseen = unicodedata.category(c) in _UNSEEN and c not in _JOINERS
    return unseen or c in _FORBIDDEN or (windows and c in _FORBIDDEN_ON_WINDOWS)


def _for_windows(name: str) -> str:
    trimmed = name.rstrip(" .")
    device = trimmed.partition(".")[0].rstrip().upper() in _DEVICES
    return f"_{trimmed}" if device else trimmed
