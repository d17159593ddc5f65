"""``manyhands verify``: is this file the one that was uploaded?

The file is read once, part by part, and nothing is sent. Its composite checksum is the one that the
storage computed of the object, so equal checksums mean equal bytes. Where they differ, or where the
upload's manifest is not whole yet, the manifest is read page by page until some parts that differ
are found: they say where in the file to look.

A part is cut as the upload was. Without an upload, and without a sign-in, the numbers are those
that a service has unless somebody changed them.
"""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from manyhands import words
from manyhands.board import statuses
from manyhands.cli import comparing, context, known, listing, naming
from manyhands.cli.comparing import Verdict
from manyhands.cli.display import Row
from manyhands.errors import FileChanged, NotSignedIn, Refused
from manyhands.events import Hashing
from manyhands.files.hashing import Digests
from manyhands.files.reader import FileIdentity, PartReader
from manyhands.net.api import Api
from manyhands.parts import PartPlan, plan_parts
from manyhands.wire import Limits, Upload

NOT_FOUND = 404
MIB = 1024 * 1024
USUAL = Limits(
    min_part_size=5 * MIB,
    part_size_step=MIB,
    max_parts=10_000,
    max_file_size=10_000 * 5 * 1024 * MIB,
    first_pages=[8, 24, 96],
    page_parts=128,
    max_held=0,
)
CHANGED = "The file changed while it was being read. Verify it once it is no longer being written."


def verify(
    file: Annotated[Path, typer.Argument(help="The file. It is only read.", readable=False)],
    upload: Annotated[
        str,
        typer.Argument(
            help="The id of an upload to compare it with.", autocompletion=known.uploads
        ),
    ] = "",
    json: context.Json = False,
    quiet: context.Quiet = False,
) -> None:
    """Compare a file with what was uploaded.

    Without an upload its checksum is computed, and uploads of just this content are named.
    """
    after = f" {upload}" if upload else ""
    identity = naming.insist_on_file(file, f"manyhands verify {file / 'NAME'}{after}")
    screen = context.screen(False, quiet)
    row = screen.row(0, "")
    try:
        if upload:
            raise typer.Exit(_compare(context.api(), upload, file, identity, row, json))
        _search(file, identity, row, json)
    finally:
        screen.close()


def _compare(api: Api, id: str, file: Path, identity: FileIdentity, row: Row, json: bool) -> int:
    """The exit code: 0 for the same, 1 for another."""
    theirs = api.upload(id).upload
    if theirs.size != identity.size:
        verdict = Verdict(theirs, identity.size)
    else:
        digests = _hashed(file, identity, PartPlan(theirs.size, theirs.part_size), row)
        verdict = comparing.compared(theirs, digests, lambda number: _page(api, id, number))
    row.end()
    typer.echo(comparing.as_json(verdict) if json else comparing.as_text(verdict))
    return 0 if verdict.same else 1


def _page(api: Api, id: str, number: int) -> list[str]:
    """The manifest of an upload that is over may be gone."""
    try:
        return api.page(id, number).digests
    except Refused as error:
        if error.status == NOT_FOUND:
            return []
        raise


def _search(file: Path, identity: FileIdentity, row: Row, json: bool) -> None:
    api = _api()
    plan = plan_parts(identity.size, api.me().limits if api else USUAL)
    digests = _hashed(file, identity, plan, row)
    having = _having(api, digests.checksum) if api else []
    row.end()
    if json:
        typer.echo(_as_json(digests, having if api else None))
        return
    typer.echo(digests.checksum)
    for upload in having:
        typer.echo(_line(upload))
    if api is None:
        typer.echo("Not signed in, so no uploads were looked at.", err=True)
    elif not having:
        typer.echo("No upload of your groups has this content.", err=True)


def _api() -> Api | None:
    try:
        return context.api()
    except NotSignedIn:
        return None


def _hashed(file: Path, identity: FileIdentity, plan: PartPlan, row: Row) -> Digests:
    """All digests of the file. Raises FileChanged."""
    digests, done = Digests(plan), 0
    try:
        with PartReader(file, identity) as reader:
            for part in range(1, plan.count + 1):
                digests.of(part, reader)
                done += plan.length(part)
                row.show(Hashing(bytes_hashed=done, size=plan.size))
    except FileChanged as error:
        raise FileChanged(CHANGED) from error
    return digests


def _having(api: Api, checksum: str) -> list[Upload]:
    """All uploads of the caller's groups with this checksum, newest first."""
    found = listing.listed(api, "", everything=True).uploads
    return [upload for upload in found if upload.checksum == checksum]


def _as_json(digests: Digests, having: list[Upload] | None) -> str:
    """``uploads`` is null where nobody was signed in to look."""
    plan = digests.plan
    line = {
        "event": "checksum",
        "checksum": digests.checksum,
        "size": plan.size,
        "parts": plan.count,
        "part_size": plan.part_size,
        "uploads": having if having is None else [upload.id for upload in having],
    }
    return msgspec.json.encode(line).decode()


def _line(upload: Upload) -> str:
    status = words.harmless(statuses.in_words(upload.status), 30)
    owner = "you" if upload.yours else words.harmless(upload.owner, 30)
    name = words.harmless(upload.name, 60)
    return f"{words.harmless(upload.id, 40)}  {status}  «{name}» by {owner}"
