"""``manyhands upload`` and ``help-with``: files of this machine on their way to the storage.

A path is ``readable=False`` to typer, which means that it does not look: what cannot be read is
said in a sentence, and the other files go up.
"""

import platform
from pathlib import Path
from typing import Annotated, Any

import typer

from manyhands.cli import carrying, context, known, naming
from manyhands.cli.workshop import Workshop, workshop
from manyhands.net.binding import binding_of
from manyhands.net.schedule import schedule_of
from manyhands.transfers.shelf import Purpose

Label = Annotated[str, typer.Option(help="How this device is called at the board.")]
LimitRate = Annotated[
    str,
    typer.Option(
        help="Bytes a second for this process: 300K, 1.5M, or «2M, 500K from 8 to 18»; K is 1000."
    ),
]
Connections = Annotated[
    int | None,
    typer.Option(min=1, max=64, help="Parts at the same time; by itself as many as help."),
]
Bind = Annotated[
    list[str] | None,
    typer.Option(help="Address or interface of this machine to send by; twice for two lines."),
]
Wait = Annotated[
    bool, typer.Option("--wait/--no-wait", help="Wait until the storage has joined the parts.")
]
AtOnce = Annotated[int, typer.Option(min=1, max=16, help="How many files at the same time.")]


def upload(
    files: Annotated[
        list[Path], typer.Argument(help="The files. Nothing is changed in them.", readable=False)
    ],
    recursive: Annotated[
        bool,
        typer.Option("--recursive", "-r", help="Also files in folders, stored as «folder - file»."),
    ] = False,
    group: Annotated[
        str,
        typer.Option(
            help="Id or name of a group that may see and help; else only you.",
            autocompletion=known.groups,
        ),
    ] = "",
    label: Label = "",
    limit_rate: LimitRate = "",
    connections: Connections = None,
    bind: Bind = None,
    name: Annotated[str, typer.Option(help="Store the one file under another name.")] = "",
    at_once: AtOnce = 1,
    wait: Wait = True,
    json: context.Json = False,
    quiet: context.Quiet = False,
) -> None:
    """Upload files, together with other devices.

    Whoever uploads the same contents under the same name to the same group helps. Files from
    folders are named after them, as «folder - file».
    """
    options = _options(label, limit_rate, connections, wait, bind)
    found, left_out = naming.named(files, recursive=recursive, name=name)
    shop = workshop()
    ids = [_put(shop, options, path, group=group, name=stored_as) for path, stored_as in found]
    carrying.carry(shop, ids, json=json, quiet=quiet, at_once=at_once, left_out=left_out)


def help_with(
    upload: Annotated[
        str,
        typer.Argument(
            help="The id of the upload, as «list» shows it.", autocompletion=known.uploads
        ),
    ],
    file: Annotated[
        Path, typer.Argument(help="Your copy of the file; it may have any name.", readable=False)
    ],
    label: Label = "",
    limit_rate: LimitRate = "",
    connections: Connections = None,
    bind: Bind = None,
    wait: Wait = True,
    json: context.Json = False,
    quiet: context.Quiet = False,
) -> None:
    """Help with somebody's upload by your copy.

    The upload is of one of your groups; your file must have the same contents.
    """
    options = _options(label, limit_rate, connections, wait, bind)
    naming.insist_on_file(file, f"manyhands help-with {upload} {file / 'NAME'}")
    shop = workshop()
    carrying.carry(shop, [_put(shop, options, file, aim=upload)], json=json, quiet=quiet)


def _options(
    label: str, limit_rate: str, connections: int | None, wait: bool, bind: list[str] | None
) -> dict[str, Any]:
    """What a transfer remembers. Raises BadRate, BadBinding."""
    schedule_of(limit_rate)
    for way in bind or ():
        binding_of(way)
    shown = label or f"manyhands on {platform.node() or 'an unnamed device'}"
    return {
        "label": shown,
        "limit_rate": limit_rate,
        "connections": connections or 0,
        "wait": wait,
        "bind": bind or [],
    }


def _put(shop: Workshop, options: dict[str, Any], path: Path, **about: str) -> int:
    """Its number. The size is that of what was sent of it, once anything was."""
    purpose = Purpose(kind="upload", path=str(path.absolute()), **about)
    kept = shop.shelf.put(purpose, options=options)
    if not kept.size:
        shop.shelf.note(kept.id, size=path.stat().st_size)
    return kept.id
