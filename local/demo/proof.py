"""Was all of it right? Each claim is looked up where it can be seen from outside."""

import base64
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.demo.watch import Watcher
from local.outbox import SentMail
from local.stack import Stack

BLOCK = 1 << 20
MAIL_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Claim:
    """What is claimed, whether it is true, and the figures behind it."""

    text: str
    true: bool
    figures: str


def claims(stack: Stack, watcher: Watcher, answer: dict[str, Any], file: Path) -> Iterator[Claim]:
    upload = answer["upload"]
    yield Claim("the upload is complete", upload["status"] == "complete", upload["status"])
    same = _same_bytes(watcher, upload["id"], file)
    yield Claim("the download equals the file, byte for byte", same, f"{file.stat().st_size} bytes")
    ours, theirs = composite(file, upload["part_size"]), _of_the_storage(stack, upload)
    yield Claim("the storage's checksum equals our own", ours == theirs, theirs)
    brought = sum(c["bytes"] for c in answer["board"]["clients"])
    yield Claim("the shares add up to the file", brought == upload["size"], f"{brought} bytes")
    mail = sent_mail(stack, upload["id"])
    yield Claim("the owner was told by mail", mail is not None, mail.subject if mail else "none")


def composite(file: Path, part_size: int) -> str:
    """The checksum that S3 must come to, computed from the file alone."""
    whole, parts = hashlib.sha256(), 0
    with file.open("rb") as stream:
        while part := stream.read(part_size):
            whole.update(hashlib.sha256(part).digest())
            parts += 1
    return f"{base64.b64encode(whole.digest()).decode()}-{parts}"


def sent_mail(stack: Stack, upload: str) -> SentMail | None:
    """The mail about this upload, waited for a while."""
    for _ in range(int(MAIL_WITHIN_S / 0.1)):
        found = [mail for mail in stack.outbox.mails() if upload in mail.text]
        if found:
            return found[-1]
        time.sleep(0.1)
    return None


def _same_bytes(watcher: Watcher, upload: str, file: Path) -> bool:
    stored = watcher.download(upload)
    with file.open("rb") as stream:
        for block in stored.stream(BLOCK):
            if block != stream.read(len(block)):
                return False
        return stored.status == 200 and stream.read(1) == b""


def _of_the_storage(stack: Stack, upload: dict[str, Any]) -> str:
    head = stack.client("s3").head_object(
        Bucket=stack.resources.references.ref("Bucket"),
        Key=f"uploads/{upload['id']}/{upload['generation']}",
        ChecksumMode="ENABLED",
    )
    return str(head["ChecksumSHA256"])
