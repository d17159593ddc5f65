"""``manyhands download``: a stored file on its way to this machine."""

from typing import Annotated

import typer

from manyhands.cli import carrying, context, known
from manyhands.cli.sending import LimitRate
from manyhands.cli.workshop import workshop
from manyhands.download.target import path_of, place
from manyhands.net.schedule import schedule_of
from manyhands.transfers.shelf import Purpose


def download(
    upload: Annotated[
        str,
        typer.Argument(
            help="The id of the upload, as «list» shows it.", autocompletion=known.uploads
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            help="A file, or a folder that is there; else here, under its own name.",
            metavar="<path>",
        ),
    ] = "",
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace another file that is there.")
    ] = False,
    limit_rate: LimitRate = "",
    json: context.Json = False,
    quiet: context.Quiet = False,
) -> None:
    """Download a stored file, and compare it.

    Each part is compared with what was uploaded. Goes on where it was if interrupted.
    """
    schedule_of(limit_rate)
    wanted = path_of(output)
    shop = workshop()
    found = shop.api.upload(upload).upload
    target = place(wanted, found.name).absolute()
    options = {"overwrite": overwrite, "limit_rate": limit_rate}
    purpose = Purpose(kind="download", path=str(target), aim=upload)
    kept = shop.shelf.put(purpose, upload=upload, size=found.size, options=options)
    carrying.carry(shop, [kept.id], json=json, quiet=quiet)
