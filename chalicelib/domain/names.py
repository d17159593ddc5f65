"""Names that people give: to files, to devices.

A file's name is kept as data and is never part of an S3 key. It is refused, with a suggestion,
where a device could not store it or a person could be misled by it: path separators, control
characters, line ends, marks that turn the direction of writing, more than 255 bytes (the limit
of the common file systems). It is put into Unicode's composed form (NFC), so that the same name
typed on a Mac and on Linux is the same name.

Source of the header: RFC 6266, RFC 8187.
"""

import unicodedata
from urllib.parse import quote

from chalicelib.domain.errors import NameNotUsable

MAX_NAME_BYTES = 255
MAX_LABEL = 64
_SEPARATORS = frozenset("/\\")
_INVISIBLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNS_DIRECTION = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def file_name(name: str) -> str:
    """The name in NFC. Raises NameNotUsable, with ``details.suggestion``."""
    composed = unicodedata.normalize("NFC", name)
    if composed != suggestion(composed):
        raise NameNotUsable(
            "This file name holds characters that cannot be stored safely on every device, "
            "or is too long. Nothing was uploaded.",
            suggestion=suggestion(composed),
        )
    return composed


def suggestion(name: str) -> str:
    """The nearest name that is usable; a usable name is its own."""
    visible = "".join("_" if _unusable(c) else c for c in unicodedata.normalize("NFC", name))
    trimmed = visible.strip()
    return _shortened("" if trimmed in {".", ".."} else trimmed)


def label(text: str) -> str:
    """A device's label, made harmless: it is only shown, so it is mended and not refused."""
    visible = "".join(
        c for c in unicodedata.normalize("NFC", text) if not _unusable(c) or c in "/\\"
    )
    return visible.strip()[:MAX_LABEL] or "unnamed device"


def attachment(name: str) -> str:
    """The ``Content-Disposition`` that saves under this name in every browser."""
    plain = "".join(c if " " <= c <= "~" and c not in '"\\%' else "_" for c in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _unusable(c: str) -> bool:
    return c in _SEPARATORS or c in _TURNS_DIRECTION or unicodedata.category(c) in _INVISIBLE


def _shortened(name: str) -> str:
    """At most 255 bytes of UTF-8, with the extension kept where it is a short one."""
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name or "unnamed"
    stem, dot, extension = name.rpartition(".")
    tail = f".{extension}" if dot and len(extension) <= 16 else ""
    room = MAX_NAME_BYTES - len(tail.encode())
    return (stem if tail else name).encode()[:room].decode(errors="ignore").rstrip() + tail
