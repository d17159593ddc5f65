"""Bodies that were right once: the golden messages of ``tests/wire``, with something done to them.

Seeded, so that a number says which body it was. Most of what is made is JSON of a wrong shape, as
a program with a defect or a person with a grudge would send; some is no JSON at all.
"""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

WIRE = Path(__file__).resolve().parents[1] / "wire"

STRANGE: tuple[Callable[[Random], Any], ...] = (
    lambda r: None,
    lambda r: r.choice([True, False]),
    lambda r: r.choice([0, -1, 1, 128, 255, 10_000, 10_001, 2**53 - 1, 2**53, 2**63, 10**400]),
    lambda r: r.choice([1.5, -0.0, 1e308, float("nan"), float("inf"), float("-inf")]),
    lambda r: r.choice(["", " ", "\0", "\x1b[2J", "..", "a/b", "\u202eexe", "\ud800", "\ufeff"]),
    lambda r: r.choice(["<script>", "'; --", "${x}", "%n%s", "film", "user:ana", "e\u0301" * 99]),
    lambda r: r.choice(["👩‍🚀", "\U000e0001", "x"]) * r.choice([1, 65, 2_000]),
    lambda r: r.choice([[], {}, [[]], [None], {"a": {}}]),
    lambda r: list(range(r.choice([1, 65, 129, 10_001]))),
    lambda r: _nested(r.choice([3, 50, 900])),
)


def golden(name: str) -> Any:
    return json.loads((WIRE / f"{name}.json").read_text())


def fuzzed(message: Any, seed: int) -> bytes:
    """The message with one to three things done to it, as the body of a request."""
    random = Random(seed)
    value = json.loads(json.dumps(message))
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        value = random.choice(CHANGES)(value, random)
    body = json.dumps(value, ensure_ascii=random.random() < 0.5).encode(errors="surrogatepass")
    return random.choice(SPOILERS)(body, random) if random.random() < 0.25 else body


def _replaced(value: Any, random: Random) -> Any:
    """Something strange in the place of a field, or of a member of a list."""
    if not isinstance(value, dict) or not value:
        return random.choice(STRANGE)(random)
    name = random.choice(list(value))
    inner = value[name]
    if isinstance(inner, list) and inner and random.random() < 0.5:
        inner[random.randrange(len(inner))] = random.choice(STRANGE)(random)
        return value
    return value | {name: random.choice(STRANGE)(random)}


def _added(value: Any, random: Random) -> Any:
    name = random.choice(["unknown", "", "__proto__", "Group", "id", "\ud800", "x" * 5_000])
    return value | {name: random.choice(STRANGE)(random)} if isinstance(value, dict) else [value]


def _removed(value: Any, random: Random) -> Any:
    if isinstance(value, dict) and value:
        value.pop(random.choice(list(value)))
    return value


def _nudged(value: Any, random: Random) -> Any:
    """A number nearby, which may still be right: so that not all ends at the first check."""
    numbers = [k for k, v in value.items() if type(v) is int] if isinstance(value, dict) else []
    if numbers:
        value[random.choice(numbers)] = random.choice([0, 1, 2, 3, 64, 65, 1_000, 2**40])
    return value


def _repeated(value: Any, random: Random) -> Any:
    lists = [k for k, v in value.items() if isinstance(v, list)] if isinstance(value, dict) else []
    if lists:
        name = random.choice(lists)
        value[name] = value[name] * random.choice([0, 2, 40])
    return value


def _cut(body: bytes, random: Random) -> bytes:
    return body[: random.randrange(len(body) + 1)]


def _overwritten(body: bytes, random: Random) -> bytes:
    """A few bytes of anything, in the middle of it."""
    at = random.randrange(len(body) + 1)
    return body[:at] + random.randbytes(random.choice([1, 2, 8])) + body[at + 1 :]


def _told_twice(body: bytes, random: Random) -> bytes:
    """The first field a second time, with another value: which of both counts?"""
    name = random.choice([b'"group"', b'"client"', b'"digests"', b'"size"'])
    return body[:-1] + b"," + name + b":" + random.choice([b"1", b'"lab"', b"[]", b"null"]) + b"}"


def _followed(body: bytes, random: Random) -> bytes:
    return body + random.choice([b"{}", b"\0", b"]", b"//", body])


def _begun_oddly(body: bytes, random: Random) -> bytes:
    return random.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\0", b"[" * 2_000, b")]}'\n"]) + body


def _nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


CHANGES = (_replaced, _replaced, _added, _removed, _nudged, _nudged, _repeated)
SPOILERS = (_cut, _overwritten, _told_twice, _followed, _begun_oddly)
