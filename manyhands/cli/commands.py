"""The commands by name, each imported only when it is asked for.

``manyhands --version``, a completion and a mistake in a command's name need none of them, and each
command but a part; so nobody waits for what is not used. Each stands in the module named after what
a person does.
"""

import contextlib
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from manyhands.errors import OutputLost


@dataclass(frozen=True, slots=True)
class Entry:
    """Where its function is, and what exit code 1 means, where that is something of its own."""

    module: str
    function: str
    one: str = ""


GONE = "the upload failed, expired, or was cancelled or deleted."
NOT_YES = "you were asked, and did not say yes."

COMMANDS = {
    "upload": Entry("sending", "upload", "not every file came to its end; the others did."),
    "help-with": Entry(
        "sending",
        "help_with",
        "your file is another one, or the upload did not come to its end.",
    ),
    "download": Entry(
        "fetching",
        "download",
        "the upload is not stored (yet), or the download did not come to its end.",
    ),
    "list": Entry("watching", "list_uploads"),
    "status": Entry("watching", "show_status", f"with --watch, {GONE}"),
    "board": Entry("watching", "show_board", f"while it is live, {GONE}"),
    "verify": Entry(
        "verifying",
        "verify",
        "with an upload, the file is not the same, or that cannot be said yet.",
    ),
    "transfers": Entry("queueing", "transfers"),
    "pause": Entry("managing", "pause"),
    "resume": Entry("managing", "resume", "not every transfer came to its end; the others did."),
    "cancel": Entry("ending", "cancel", NOT_YES),
    "rm": Entry("ending", "rm", NOT_YES),
    "move": Entry("queueing", "move"),
    "login": Entry("entering", "login"),
    "logout": Entry("account", "logout"),
    "whoami": Entry("account", "whoami"),
    "configure": Entry("account", "configure"),
    "admin": Entry("administering", "app"),
    "completion": Entry("completing", "completion"),
    "help": Entry("helping", "show_help"),
}


class Commands(TyperGroup):
    """All of ``COMMANDS``. Until one is asked for, only its name is there."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = {name: TyperCommand(name) for name in COMMANDS}

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        return made(cmd_name) if cmd_name in COMMANDS else None

    def make_context(self, *given: Any, **named: Any) -> Any:
        with _read_by_somebody():
            return super().make_context(*given, **named)

    def invoke(self, ctx: Any) -> Any:
        with _read_by_somebody():
            return super().invoke(ctx)


@contextlib.contextmanager
def _read_by_somebody() -> Iterator[None]:
    """Raises OutputLost; of a BrokenPipeError typer would make an exit code 1 and say nothing."""
    try:
        yield
    except BrokenPipeError as error:
        raise OutputLost(error) from error


def made(name: str) -> Any:
    """The command, as typer makes it of its function, or of its own commands."""
    entry = COMMANDS[name]
    found = getattr(importlib.import_module(f"manyhands.cli.{entry.module}"), entry.function)
    if isinstance(found, typer.Typer):
        return typer.main.get_group(found)
    alone = typer.Typer(rich_markup_mode=None, add_completion=False)
    epilog = f"Exit code 1: {entry.one}" if entry.one else None
    alone.command(name, epilog=epilog)(found)
    return typer.main.get_command(alone)
