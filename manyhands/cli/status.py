"""``manyhands status``: the uploads of one's groups, or one upload with its devices."""

from collections.abc import Iterator

import msgspec

from manyhands import words
from manyhands.net.api import Api
from manyhands.upload.groups import chosen
from manyhands.wire import Client, Upload, UploadReply


def uploads(api: Api, group: str) -> Iterator[Upload]:
    """The newest uploads of one group, or of all the caller's. Raises NoSuchGroup."""
    groups = api.me().groups
    for each in [chosen(groups, group)] if group else groups:
        yield from api.uploads(each.id).uploads


def as_json(upload: Upload, clients: list[Client] | None = None) -> str:
    """One line; ``clients`` only where they were asked for."""
    line = {"event": "upload", **msgspec.to_builtins(upload)}
    if clients is not None:
        line["clients"] = msgspec.to_builtins(clients)
    return msgspec.json.encode(line).decode()


def as_line(upload: Upload) -> str:
    done = words.share(upload.bytes_done, upload.size) if upload.size else "–"
    by = "you" if upload.yours else words.harmless(upload.owner, 30)
    name = words.harmless(upload.name, 60)
    status = words.harmless(upload.status, 20)
    return f"{upload.id}  {status:<11}  {done:>5}  {words.size(upload.size):>8}  {name}  ({by})"


def as_page(reply: UploadReply) -> str:
    upload = reply.upload
    lines = [as_line(upload)]
    if upload.reason:
        lines.append(f"reason: {words.harmless(upload.reason)}")
    if upload.checksum:
        lines.append(f"checksum: {upload.checksum}")
    lines += [_client(client, upload) for client in reply.board.clients]
    return "\n".join(lines)


def _client(client: Client, upload: Upload) -> str:
    seen = "" if client.alive else f", silent for {words.span(client.seen_s)}"
    brought = f"{words.size(client.bytes)} ({words.share(client.bytes, upload.size)})"
    label, person = words.harmless(client.label, 40), words.harmless(client.person, 30)
    holds = f"holds {len(client.held)}"
    speed = words.rate(client.rate)
    return f"  {client.number}. {label} ({person}): {brought}, {speed}, {holds}{seen}"
