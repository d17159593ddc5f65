"""What people and programs are told: the mails, and the message to the topic's subscribers.

Everything that somebody else named (files, devices, people) is escaped in HTML and stripped of
line ends in subjects. No pictures, no tracking, nothing loaded from elsewhere.
"""

import json
from html import escape
from urllib.parse import quote

from chalicelib.domain.shares import Share, shares, single_line_ms, took_ms
from chalicelib.domain.status import Status
from chalicelib.domain.uploads import Upload
from chalicelib.ports import Announcement, Mail

VERSION = 1
"""Of the topic's message. Fields may be added; whatever else changes makes it 2."""

_SUBJECTS = {
    Status.COMPLETE: "Stored: {name} ({size})",
    Status.FAILED: "Not stored: {name}",
    Status.EXPIRED: "Expired: {name}",
}


def announcement(upload: Upload, page_url: str, bucket: str) -> Announcement:
    """For subscribers, as docs/events.schema.json describes it; attributes are to filter on."""
    stored = upload.status is Status.COMPLETE
    body = {
        "version": VERSION,
        "upload": upload.id,
        "generation": upload.generation,
        "status": upload.status.value,
        "at": upload.changed_at,
        "group": upload.group,
        "owner": upload.owner.name,
        "name": upload.name,
        "size": upload.plan.size,
        "checksum": upload.checksum,
        "object": {"bucket": bucket, "key": upload.key} if stored else None,
        "reason": upload.reason,
        "took_ms": took_ms(upload),
        "shares": [_share_fields(s) for s in shares(upload)],
        "link": link(upload, page_url),
    }
    attributes = {"group": upload.group, "owner": upload.owner.name, "status": upload.status.value}
    return Announcement(_subject(upload), json.dumps(body, ensure_ascii=False), attributes)


def ending(upload: Upload, page_url: str) -> Mail:
    """The mail to the owner of an upload that is complete, failed or expired."""
    return _mail(_subject(upload), _story(upload), _rows(upload), link(upload, page_url))


def warning(upload: Upload, left_ms: int, page_url: str) -> Mail:
    """The mail before an idle upload expires."""
    done = f"{size(upload.board.bytes_done)} of {size(upload.plan.size)}"
    story = [
        f"Nobody has worked on the upload of «{upload.name}» for a while; {done} are stored.",
        f"It will be thrown away in {duration(left_ms)} unless a device goes on with it.",
        "To go on, open the page below on a device that has the file, and choose it.",
    ]
    return _mail(f"Still wanted? {_one_line(upload.name)}", story, [], link(upload, page_url))


def link(upload: Upload, page_url: str) -> str:
    """The address of the upload's page."""
    return f"{page_url.rstrip('/')}/#/uploads/{quote(upload.id, safe='')}"


def size(count: int) -> str:
    """Bytes for people: 999 B, 1.5 MB, 52.4 GB (thousands, as disks are sold)."""
    if count < 1000:
        return f"{count} B"
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:.1f} TB"


def duration(ms: int) -> str:
    """A span for people: 0.8 s, 41 s, 12 min 5 s, 3 h 20 min, 2 days."""
    seconds = ms / 1000
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} days"


def _story(upload: Upload) -> list[str]:
    name, whole = upload.name, size(upload.plan.size)
    if upload.status is Status.COMPLETE:
        alone = single_line_ms(upload)
        took = f"«{name}», {whole}, is stored. It took {duration(took_ms(upload))}."
        line = f"On the fastest of these lines alone it would have taken {duration(alone or 0)}."
        several = alone is not None and len(shares(upload)) > 1
        return [took, line] if several else [took]
    if upload.status is Status.FAILED:
        return [f"«{name}», {whole}, could not be stored.", upload.reason]
    return [
        f"Nobody worked on the upload of «{name}», {whole}, any more, so it was thrown away.",
        "To begin again, upload the file once more.",
    ]


def _rows(upload: Upload) -> list[Share]:
    return shares(upload) if upload.status is Status.COMPLETE else []


def _mail(subject: str, story: list[str], rows: list[Share], address: str) -> Mail:
    table = "".join(f"  {_row_text(r)}\n" for r in rows)
    text = "\n\n".join([*story, *([f"Who brought what:\n\n{table}"] if rows else []), address])
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in story)
    html = (
        '<div style="font-family:sans-serif;max-width:40em">'
        f'{paragraphs}{_table(rows)}<p><a href="{escape(address)}">{escape(address)}</a></p></div>'
    )
    return Mail(subject, text + "\n", html)


def _row_text(row: Share) -> str:
    return f"{row.percent:5.1f} %  {size(row.bytes):>9}  {size(row.rate):>9}/s  {_who(row)}"


def _table(rows: list[Share]) -> str:
    if not rows:
        return ""
    cells = (
        f"<tr><td>{escape(_who(r))}</td><td>{size(r.bytes)}</td>"
        f"<td>{r.percent:.1f} %</td><td>{size(r.rate)}/s</td></tr>"
        for r in rows
    )
    head = "<tr><th>Device</th><th>Brought</th><th>Share</th><th>Speed</th></tr>"
    return f'<table cellpadding="6" style="text-align:left">{head}{"".join(cells)}</table>'


def _who(row: Share) -> str:
    return f"{row.label} ({row.person})"


def _share_fields(share: Share) -> dict[str, object]:
    percent = round(share.percent, 2)
    return {
        "person": share.person,
        "label": share.label,
        "parts": share.parts,
        "bytes": share.bytes,
        "percent": percent,
    }


def _subject(upload: Upload) -> str:
    pattern = _SUBJECTS[upload.status]
    return pattern.format(name=_one_line(upload.name), size=size(upload.plan.size))


def _one_line(text: str) -> str:
    return " ".join(text.split())
