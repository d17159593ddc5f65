"""``python -m tools.badges``: the README's badges, drawn from the files that hold them true.

No picture is fetched from elsewhere, so nobody learns who reads the README, and none can say what
is not so: each fact is read where it is enforced, and ``--check`` compares.
"""

import re
import sys
from collections.abc import Mapping
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures" / "badges"
FACTS = {
    "python": ("Python", "pyproject.toml", r'requires-python = "(>=[\d.]+)"'),
    "types": ("mypy", "pyproject.toml", r"\[tool\.mypy\]\n(strict) = true"),
    "page": ("page's first load", "tests/frontend/page.test.js", r"total < (100)_000"),
    "licence": ("licence", "LICENSE", r"^(MIT) License"),
}
"""Name of the badge: what it says, the file that holds it true, and where in it."""
SHOWN = {"page": "< {} kB"}
LETTER, HEIGHT = 6.6, 20


def badges() -> Mapping[str, str]:
    """The pictures by name. Raises ValueError if a fact is not there any more."""
    return {
        name: _drawn(about, SHOWN.get(name, "{}").format(_fact(name)))
        for name, (about, _, _) in FACTS.items()
    }


def _fact(name: str) -> str:
    _, path, pattern = FACTS[name]
    found = re.search(pattern, (ROOT / path).read_text())
    if found is None:
        raise ValueError(f"{path} does not say {pattern}")
    return found[1].replace(">=", "≥ ")


def _drawn(about: str, fact: str) -> str:
    left, right = (round(len(text) * LETTER + 12) for text in (about, fact))
    label, text = escape(f"{about}: {fact}"), 'text-anchor="middle" fill="#fff"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{HEIGHT}" '
        f'role="img" aria-label="{label}" font-family="Verdana,sans-serif" font-size="11">'
        f'<rect width="{left + right}" height="{HEIGHT}" rx="4" fill="#0a6f7d"/>'
        f'<path d="M4 0h{left - 4}v{HEIGHT}H4a4 4 0 0 1-4-4V4a4 4 0 0 1 4-4z" fill="#3a474d"/>'
        f'<text x="{left / 2}" y="14" {text}>{escape(about)}</text>'
        f'<text x="{left + right / 2}" y="14" {text}>{escape(fact)}</text></svg>\n'
    )


def main() -> int:
    drawn = {FOLDER / f"{name}.svg": text for name, text in badges().items()}
    if "--check" in sys.argv:
        return int(any(not p.is_file() or p.read_text() != text for p, text in drawn.items()))
    FOLDER.mkdir(exist_ok=True)
    for path, text in drawn.items():
        path.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
