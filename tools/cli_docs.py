"""``docs/cli.md``: every command and option, from the code. ``--check`` only compares."""

import re
import sys
from pathlib import Path

import typer
from typer.cli import get_docs_for_click

from manyhands.cli.main import app

AS_IT_IS, FENCED = re.compile(r"\x08\n(.*?)\n\n", re.S), r"```\n\1\n```\n\n"
"""Lines that a terminal gets as they are."""
DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "cli.md"


def text() -> str:
    command = typer.main.get_command(app)
    context = typer.Context(command, info_name="manyhands", **command.context_settings)
    made = get_docs_for_click(obj=command, ctx=context, name="manyhands").strip()
    return f"{AS_IT_IS.sub(FENCED, made)}\n"


def main() -> int:
    if "--check" in sys.argv:
        current = DOCUMENT.exists() and DOCUMENT.read_text() == text()
        print("docs/cli.md is current" if current else "run: python -m tools.cli_docs")
        return 0 if current else 1
    DOCUMENT.write_text(text())
    return 0


if __name__ == "__main__":
    sys.exit(main())
