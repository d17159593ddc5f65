"""Where adapters meet ports: the one composition root of the server.

Everything is made on first use and kept for the life of the process, so that importing costs
nothing and a function pays only for what it needs: the API never makes a mail client, and S3 is
spoken to with a patience that fits (``s3_client``). Refused: a locator that modules reach into;
only ``web``, ``events`` and ``app.py`` call these functions.
"""

import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from chalicelib.adapters.caches import CachedManifests
from chalicelib.adapters.cognito import CognitoPeople, CognitoTokens, issuer_of, jwks_url_of
from chalicelib.adapters.dynamodb import DynamoManifests, DynamoUploads
from chalicelib.adapters.eventbridge import EventBus
from chalicelib.adapters.limits import DynamoLimits
from chalicelib.adapters.meter import EmfMeter
from chalicelib.adapters.s3 import JOINING_S, S3Parts, s3_client
from chalicelib.adapters.ses import SesMailer
from chalicelib.adapters.sns import SnsTopic
from chalicelib.adapters.system import SystemClock
from chalicelib.config import Settings, settings_from
from chalicelib.domain.board import Rules
from chalicelib.domain.lifetime import Lifetime
from chalicelib.domain.parts import PartLimits
from chalicelib.ports import Tokens
from chalicelib.service.core import Core
from chalicelib.service.notifying import Post

LIFETIME = Lifetime()
ANSWERING_S = 5
"""So that three tries of a call end before the function does."""

BRIEFLY = Config(
    connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2}
)
"""For those who tell people: by default the SDK waits minutes, longer than the function may run."""


@cache
def settings() -> Settings:
    return settings_from(os.environ)


def warm_up() -> None:
    """Make what every call to the API needs, ahead of the first."""
    tokens()
    core()


def core() -> Core:
    """For whoever a person waits for."""
    return _core(ANSWERING_S)


def patient_core() -> Core:
    """For whoever joins parts, which may take S3 minutes."""
    return _core(JOINING_S)


@cache
def _core(patience_s: int) -> Core:
    s, table = settings(), _client("dynamodb")
    return Core(
        uploads=DynamoUploads(table, s.table, LIFETIME),
        manifests=CachedManifests(DynamoManifests(table, s.table)),
        store=_parts(patience_s),
        group_limits=DynamoLimits(table, s.table),
        clock=SystemClock(),
        rules=Rules(max_clients=s.clients_per_board, max_held=s.tickets_per_client),
        lifetime=LIFETIME,
        limits=PartLimits(max_file=s.max_file_size),
        open_uploads=s.open_uploads,
        meter=EmfMeter(),
    )


def _parts(patience_s: int) -> S3Parts:
    """Only parts are worth the edge's price: not what the functions ask S3, and no download."""
    s = settings()
    edge = s3_client(s.region, patience_s, accelerate=True) if s.accelerate else None
    return S3Parts(s3_client(s.region, patience_s, s.s3_addressing), s.bucket, edge=edge)


@cache
def post() -> Post:
    s = settings()
    return Post(
        topic=SnsTopic(_client("sns", BRIEFLY), s.topic),
        bus=EventBus(_client("events", BRIEFLY), s.event_bus) if s.event_bus else None,
        mailer=SesMailer(_client("ses", BRIEFLY), s.mail_from),
        people=CognitoPeople(_client("cognito-idp", BRIEFLY), s.pool_id),
        page_url=s.page_url,
        bucket=s.bucket,
    )


@cache
def tokens() -> Tokens:
    s = settings()
    issuer = issuer_of(s.region, s.pool_id)
    return CognitoTokens(issuer, s.client_ids, jwks_url_of(issuer, s.jwks_url))


def _client(service: str, config: Config | None = None) -> Any:
    region = settings().region
    return boto3.client(service, region_name=region, config=config)  # type: ignore[call-overload]
