"""Known vulnerabilities of what is pinned, in Python and on npm; ``make check`` asks.

pip-audit and npm ask their registries. Not every registry answers that: a mirror may carry packages
and nothing else, a machine may have no network. Then this says plainly that the question was not
answered, and does not fail, since nothing is known to be wrong; but a vulnerability that is known
fails. What is asked for is exactly what is installed: ``constraints.txt``, ``package-lock.json``.
"""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 180
PIP = ("-m", "pip_audit", "--requirement", "constraints.txt", "--no-deps", "--disable-pip")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a registry said of ``what``. ``asked``: how many packages it was able to judge."""

    what: str
    asked: int
    unknown: int = 0
    vulnerable: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        if self.vulnerable:
            return [f"{self.what}: known vulnerabilities", *(f"  {v}" for v in self.vulnerable)]
        if not self.asked:
            return [f"{self.what}: NOT audited, the registry does not answer such questions here"]
        left = f"; {self.unknown} could not be asked for" if self.unknown else ""
        return [f"{self.what}: {self.asked} audited, no known vulnerability{left}"]


def of_python(report: str) -> Verdict:
    """What pip-audit's JSON says; anything else, that it could not ask."""
    packages = _read(report).get("dependencies") or []
    judged = [p for p in packages if "vulns" in p]
    found = tuple(
        f"{p['name']} {p['version']}: {v['id']}, mended in {', '.join(v['fix_versions']) or 'none'}"
        for p in judged
        for v in p["vulns"]
    )
    return Verdict("Python packages", len(judged), len(packages) - len(judged), found)


def of_page(report: str) -> Verdict:
    """What npm's JSON says; its refusals are JSON too, without ``metadata``."""
    said = _read(report)
    asked = said.get("metadata", {}).get("dependencies", {}).get("total", 0)
    found = said.get("vulnerabilities") or {}
    told = tuple(f"{name}: {f.get('severity')}, {f.get('range')}" for name, f in found.items())
    return Verdict("npm packages", asked, vulnerable=told)


def _read(report: str) -> dict[str, Any]:
    try:
        said = json.loads(report)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _run(*command: str) -> str:
    """What it printed, "" for nothing; both tools end with 1 if they found something."""
    try:
        ended = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except (subprocess.TimeoutExpired, FileNotFoundError):
        return ""
    return ended.stdout


def main() -> int:
    verdicts = (
        of_python(_run(sys.executable, *PIP, "--format", "json", "--progress-spinner", "off")),
        of_page(_run("npm", "audit", "--json")),
    )
    return told(verdicts)


def told(verdicts: Iterable[Verdict]) -> int:
    """Print them; 1 if anything is known to be vulnerable."""
    verdicts = list(verdicts)
    for verdict in verdicts:
        print("\n".join(verdict.lines))
    return 1 if any(verdict.vulnerable for verdict in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
