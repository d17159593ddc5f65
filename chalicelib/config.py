"""What an operator sets, read from the environment once, all faults told at once.

| variable | meaning |
|---|---|
| ``TABLE``, ``BUCKET``, ``TOPIC`` | names of the table and the bucket, ARN of the topic |
| ``POOL_ID``, ``CLIENT_IDS`` | the Cognito pool; its app clients, separated by commas |
| ``MAIL_FROM``, ``PAGE_URL`` | the sender of mails; the page's address, for links in them |
| ``OTHER_ORIGINS`` | origins whose pages may call the API beside ``PAGE_URL``, by commas; none |
| ``EVENT_BUS`` | EventBridge bus that is told of an upload's end beside the topic; none |
| ``MAX_FILE_SIZE`` | bytes; by default what S3 can store |
| ``OPEN_UPLOADS`` | unfinished uploads one person may have; by default 100 |
| ``CLIENTS_PER_BOARD`` | at most 255; by default 200 |
| ``TICKETS_PER_CLIENT`` | at most 256, so that the fullest board is an item; by default 64 |
| ``ACCELERATE`` | ``yes``: URLs for parts lead to S3 Transfer Acceleration; by default not |
| ``STAGE`` | which installation the metrics are of; by default dev |
| ``S3_ADDRESSING`` | *virtual*, or *path* for a storage that is not S3 (docs/stores.md) |
| ``AWS_REGION`` | set by Lambda |
| ``JWKS_URL`` | only for a stack on this machine: refused unless it is a loopback address |
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from chalicelib.domain.board import Rules
from chalicelib.domain.parts import S3_LIMITS

Addressing = Literal["virtual", "path"]
_REQUIRED = ("TABLE", "BUCKET", "TOPIC", "POOL_ID", "CLIENT_IDS", "MAIL_FROM", "PAGE_URL")
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?")
_RULES = Rules()
_NUMBERS = {
    "MAX_FILE_SIZE": (S3_LIMITS.max_file, 0, S3_LIMITS.max_file),
    "OPEN_UPLOADS": (100, 1, 1_000_000),
    "CLIENTS_PER_BOARD": (_RULES.max_clients, 1, 255),
    "TICKETS_PER_CLIENT": (_RULES.max_held, 1, 256),
}


class ConfigurationError(Exception):
    """The environment is not as it should be; the message names every fault."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    table: str
    bucket: str
    topic: str
    pool_id: str
    client_ids: tuple[str, ...]
    mail_from: str
    page_url: str
    other_origins: tuple[str, ...]
    event_bus: str
    region: str
    jwks_url: str
    accelerate: bool
    s3_addressing: Addressing
    max_file_size: int
    open_uploads: int
    clients_per_board: int
    tickets_per_client: int


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Raises ConfigurationError."""
    faults = [f"{name} is not set" for name in _REQUIRED if not environment.get(name)]
    addressing = _addressing(environment.get("S3_ADDRESSING") or "virtual", faults)
    numbers = {name: _number(environment, name, faults) for name in _NUMBERS}
    origins = _origins(environment, faults)
    if faults:
        raise ConfigurationError("; ".join(faults))
    return Settings(
        table=environment["TABLE"],
        bucket=environment["BUCKET"],
        topic=environment["TOPIC"],
        pool_id=environment["POOL_ID"],
        client_ids=tuple(environment["CLIENT_IDS"].split(",")),
        mail_from=environment["MAIL_FROM"],
        page_url=environment["PAGE_URL"],
        other_origins=origins,
        event_bus=environment.get("EVENT_BUS", ""),
        region=environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION", "us-east-1"),
        jwks_url=environment.get("JWKS_URL", ""),
        accelerate=environment.get("ACCELERATE") == "yes",
        s3_addressing=addressing,
        max_file_size=numbers["MAX_FILE_SIZE"],
        open_uploads=numbers["OPEN_UPLOADS"],
        clients_per_board=numbers["CLIENTS_PER_BOARD"],
        tickets_per_client=numbers["TICKETS_PER_CLIENT"],
    )


def stage_from(environment: Mapping[str, str]) -> str:
    return environment.get("STAGE") or "dev"


def _addressing(text: str, faults: list[str]) -> Addressing:
    if text not in {"virtual", "path"}:
        faults.append(f"S3_ADDRESSING must be virtual or path, not {text!r}")
    return "path" if text == "path" else "virtual"


def _origins(environment: Mapping[str, str], faults: list[str]) -> tuple[str, ...]:
    """As browsers name them, so that they can be compared letter by letter."""
    origins = tuple(o for o in environment.get("OTHER_ORIGINS", "").split(",") if o)
    wrong = [o for o in origins if not _ORIGIN.fullmatch(o)]
    faults += [f"OTHER_ORIGINS: {o!r} is not like https://www.example.org" for o in wrong]
    return origins


def _number(environment: Mapping[str, str], name: str, faults: list[str]) -> int:
    default, least, most = _NUMBERS[name]
    text = environment.get(name) or str(default)
    if not text.isdecimal() or not least <= int(text) <= most:
        faults.append(f"{name} must be a whole number from {least} to {most}, not {text!r}")
        return default
    return int(text)
