"""An answer of the null server, and the little XML that it takes. S3's, as far as clients look."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

SPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
TYPE = {"Content-Type": "application/xml"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    length: int | None = None
    """Said instead of the body's: a HEAD tells the length of what it does not send."""

    def encoded(self) -> bytes:
        body = self.body.encode()
        length = len(body) if self.length is None else self.length
        lines = [f"HTTP/1.1 {self.status} .", f"Content-Length: {length}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def tag(name: str, content: object, *, raw: bool = False) -> str:
    return f"<{name}>{content if raw else escape(str(content))}</{name}>"


def xml(root: str, content: str) -> Answer:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{SPACE}">{content}</{root}>'
    return Answer(headers=TYPE, body=text)


def error(status: int, code: str) -> Answer:
    return Answer(status, TYPE, tag("Error", tag("Code", code), raw=True))
