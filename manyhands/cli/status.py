"""``manyhands status ID``: one upload with its devices, as a page or as a line of JSON."""

from collections.abc import Iterator

import msgspec
from rich.console import Group, RenderableType
from rich.text import Text

from manyhands import words
from manyhands.board.look import Look
from manyhands.board.news import Kind, News, news
from manyhands.cli import device_table, views
from manyhands.wire import UploadReply


def as_json(reply: UploadReply) -> str:
    """One line, with the devices as ``clients``."""
    upload, clients = msgspec.to_builtins(reply.upload), msgspec.to_builtins(reply.board.clients)
    return msgspec.json.encode({"event": "upload", **upload, "clients": clients}).decode()


def as_page(look: Look, width: int) -> Group:
    """The header, the devices, and what identifies the upload."""
    devices: list[RenderableType] = (
        [Text(), device_table.devices(look, width)] if look.clients else []
    )
    return Group(*views.header(look, width), *devices, Text(), *_details(look))


def as_lines(before: Look, after: Look) -> Iterator[str]:
    """What to say of the change from one look to the next, where nothing is redrawn."""
    for each in news(before, after):
        yield _told(each, after)


def _told(news: News, look: Look) -> str:
    if news.device is None:
        return views.figures(look)
    who = f"{words.harmless(news.device.label, 40)} ({words.harmless(news.device.person, 30)})"
    return f"{who} takes part." if news.kind is Kind.CAME else f"{who} is gone."


def _details(look: Look) -> Iterator[Text]:
    upload = look.upload
    owner = "you" if upload.yours else words.harmless(upload.owner, 30)
    begun = words.ago((look.now_ms - upload.created_at) / 1000)
    yield Text(f"Upload {words.harmless(upload.id, 40)} by {owner}, begun {begun}", "dim")
    if upload.checksum:
        yield Text(f"Checksum {words.harmless(upload.checksum)}", "dim", overflow="fold")
