"""The command line: ``manyhands login``, ``upload``, ``status``, ``logout``.

Here the options are read and the parts put together; everything else is below. Results go to
stdout, progress and errors to stderr. An error is a sentence or two and an exit code (see
``errors``), never a traceback, unless MANYHANDS_DEBUG is set.
"""

import os
import platform
import sys
from pathlib import Path
from typing import Annotated

import rich.console
import typer

from manyhands import __version__, auth, display, status, words
from manyhands.api import Api
from manyhands.errors import ManyhandsError
from manyhands.events import Ended, Failed
from manyhands.limiter import Limiter, rate_of
from manyhands.pace import Rules
from manyhands.runner import Job, Runner
from manyhands.signals import stopping
from manyhands.store import Store, home
from manyhands.transport import PoolTransport

app = typer.Typer(
    name="manyhands",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    rich_markup_mode=None,
    help="Upload one file from every device that holds a copy of it, at the same time.\n\n"
    "Run the same command on each device; the same file always arrives at the same upload, "
    "and each device sends the parts that the others have not. Stop it and run it again "
    "whenever you like: what was sent is kept.",
    epilog="Exit codes: 0 done, 1 the upload failed, 2 usage, 130 Ctrl-C, 143 terminated, "
    "252 bad input, 253 not signed in, 254 refused by the service, 255 unexpected.",
)

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout.")]
GroupOption = Annotated[str, typer.Option(help="Id or name of one of your groups.")]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"manyhands {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of the whole command."""


@app.command()
def login(
    url: Annotated[str, typer.Argument(help="The address of the service, as in a browser.")],
    username: Annotated[str, typer.Option(help="Asked for if not given.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from stdin, one line.")
    ] = False,
) -> None:
    """Sign in, and remember it on this machine."""
    base = auth.address(url)
    name = username or typer.prompt("User name")
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else _ask("Password")
    account = auth.login(
        base,
        name,
        password,
        new_password=None if password_stdin else _ask_new,
        transport=PoolTransport(),
        store=_store(),
    )
    typer.echo(f"Signed in to {account.url} as {words.harmless(account.username)}.")


@app.command()
def logout() -> None:
    """Forget the sign-in on this machine."""
    _store().forget()
    typer.echo("Signed out.")


@app.command()
def upload(
    file: Annotated[Path, typer.Argument(help="The file. Nothing is changed in it.")],
    group: Annotated[
        str, typer.Option(help="Id or name of a group that may see and help; else only you.")
    ] = "",
    label: Annotated[str, typer.Option(help="How this device is called at the board.")] = "",
    limit_rate: Annotated[
        str, typer.Option(help="Bytes a second for this process, e.g. 300K, 2M or 1.5M.")
    ] = "",
    connections: Annotated[
        int, typer.Option(min=1, max=64, help="How many parts to send at the same time.")
    ] = 4,
    name: Annotated[str, typer.Option(help="Store it under another name.")] = "",
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Wait until the storage has joined the parts.")
    ] = True,
    json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Upload a file, together with every other device that does the same."""
    job = Job(
        path=file,
        label=label or f"manyhands on {platform.node() or 'an unnamed device'}",
        group=group,
        name=name,
        limiter=Limiter(rate_of(limit_rate) if limit_rate else 0),
        rules=Rules(connections=connections),
        wait=wait,
    )
    screen = _screen(json, quiet)
    try:
        ended = _run(job, screen)
    except ManyhandsError as error:
        screen.show(Failed(message=error.message, exit_code=error.exit_code))
        raise
    if json:
        screen.show(ended)
    else:
        typer.echo(display.result(ended))


@app.command(name="status")
def show_status(
    upload: Annotated[str, typer.Argument(help="The id of one upload; else all are listed.")] = "",
    group: GroupOption = "",
    json: Json = False,
) -> None:
    """List the uploads of your groups, or show one with its devices."""
    api = _api()
    if upload:
        reply = api.upload(upload)
        clients = reply.board.clients
        typer.echo(status.as_json(reply.upload, clients) if json else status.as_page(reply))
        return
    found = list(status.uploads(api, group))
    for each in found:
        typer.echo(status.as_json(each) if json else status.as_line(each))
    if not found:
        typer.echo("No uploads yet.", err=True)


def _run(job: Job, screen: display.Display) -> Ended:
    try:
        runner = Runner(job, _api(), screen.show)
        with stopping(runner.stop, screen.close):
            return runner.run()
    finally:
        screen.close()


def _screen(json: bool, quiet: bool) -> display.Display:
    if json:
        return display.JsonLines(sys.stdout)
    if quiet:
        return display.Silent()
    if sys.stderr.isatty():
        return display.Bar(rich.console.Console(stderr=True))
    return display.Lines(sys.stderr)


def _store() -> Store:
    return Store(home(os.environ))


def _api() -> Api:
    transport = PoolTransport()
    session = auth.StoredSession(_store(), transport)
    return Api(session.account.api, session, transport)


def _ask(what: str) -> str:
    return str(typer.prompt(what, hide_input=True))


def _ask_new() -> str:
    typer.echo("This account needs a new password before its first use.")
    return str(typer.prompt("New password", hide_input=True, confirmation_prompt=True))


def main(arguments: list[str] | None = None) -> None:
    """The entry point; ends the process with its exit code."""
    try:
        app(args=arguments)
    except ManyhandsError as error:
        _fail(error, error.message, error.exit_code)
    except Exception as error:  # noqa: BLE001 - the last edge: nobody is shown a traceback
        _fail(error, f"Something unexpected happened: {error!r}.", ManyhandsError.exit_code)


def _fail(error: Exception, message: str, exit_code: int) -> None:
    if os.environ.get("MANYHANDS_DEBUG"):
        raise error
    typer.echo(words.harmless(message, longest=1000), err=True)
    sys.exit(exit_code)
