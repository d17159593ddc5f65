"""The command line: its commands, and how it ends.

Each command stands in a module of its own kind (see ``commands``); there its options are read and
the parts put together, and everything else is below. Results go to stdout, progress and errors to
stderr. An error is a sentence or two and an exit code (see ``errors``), never a traceback, unless
``--debug`` is given or MANYHANDS_DEBUG is set.
"""

import errno
import os
import sys
from typing import Annotated

import typer
from typer._completion_classes import completion_init

from manyhands import __version__, words
from manyhands.cli import known
from manyhands.cli.about import EPILOG, HELP
from manyhands.cli.commands import Commands
from manyhands.cli.saying import say
from manyhands.cli.settings import SETTINGS
from manyhands.errors import ManyhandsError, OutputLost, Refused

COMPLETING = "_MANYHANDS_COMPLETE"
"""Set by the script of ``manyhands completion``; to set it up is that command's business alone."""

app = typer.Typer(
    name="manyhands",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=HELP,
    epilog=EPILOG,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"manyhands {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
    profile: Annotated[
        str,
        typer.Option(
            help="Which service and person; else MANYHANDS_PROFILE, else «default».",
            autocompletion=known.profiles,
        ),
    ] = "",
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error came from.")] = False,
) -> None:
    """Options of the whole command."""
    SETTINGS.debug = SETTINGS.debug or debug
    SETTINGS.profile = profile


def main(arguments: list[str] | None = None) -> None:
    """The entry point; ends the process with its exit code."""
    if COMPLETING in os.environ:
        completion_init()
    try:
        app(args=arguments, prog_name="manyhands")
    except OutputLost as error:
        _lose(error)
    except ManyhandsError as error:
        _fail(error, _with_advice(error), error.exit_code)
    except Exception as error:  # noqa: BLE001 - the last edge: nobody is shown a traceback
        if isinstance(error, OSError) and _is_of_output(error):
            _lose(OutputLost(error, kept=""))
        _fail(error, f"Something unexpected happened: {error!r}.", ManyhandsError.exit_code)


def _is_of_output(error: OSError) -> bool:
    """No room for what is printed: whoever writes a file here has errors of its own."""
    return error.errno == errno.ENOSPC and error.filename is None


def _with_advice(error: ManyhandsError) -> str:
    unknown = isinstance(error, Refused) and error.code == "no_such_upload"
    return f"{error.message} «manyhands list» shows their ids." if unknown else error.message


def _lose(error: OutputLost) -> None:
    """A reader that has seen enough, as ``head``, is nothing to complain of."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.is_pipe:
        sys.exit(error.exit_code)
    _fail(error, error.message, error.exit_code)


def _fail(error: Exception, message: str, exit_code: int) -> None:
    if SETTINGS.debug:
        raise error
    say(words.harmless(message, longest=1000), err=True)
    sys.exit(exit_code)
