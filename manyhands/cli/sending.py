"""``manyhands upload``."""

import platform
from pathlib import Path
from typing import Annotated

import typer

from manyhands.cli import context, display
from manyhands.cli.signals import stopping
from manyhands.engine.pace import Rules
from manyhands.errors import ManyhandsError
from manyhands.events import Ended, Failed
from manyhands.net.limiter import Limiter, rate_of
from manyhands.upload.runner import Job, Runner


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
    json: context.Json = False,
    quiet: context.Quiet = False,
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
    screen = context.screen(json, quiet)
    try:
        ended = _run(job, screen)
    except ManyhandsError as error:
        screen.show(Failed(message=error.message, exit_code=error.exit_code))
        raise
    if json:
        screen.show(ended)
    else:
        typer.echo(display.result(ended))


def _run(job: Job, screen: display.Display) -> Ended:
    try:
        runner = Runner(job, context.api(), screen.show)
        with stopping(runner.stop, screen.close):
            return runner.run()
    finally:
        screen.close()
