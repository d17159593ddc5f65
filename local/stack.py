"""The whole of Manyhands in this process: what AWS would be, and what is ours.

    moto, made strict  ── S3, DynamoDB and its stream, Cognito, SNS, SES, SQS
    resources          ── created from the very template that is deployed
    gateway            ── page and API on one address
    pumps, schedule    ── the stream and the clock call the same event Lambdas

Everything binds to loopback. With another ``host``, two things are offered there as well, the
page with its API and the storage, so that a phone in the same network can join; the services that
only the server talks to stay where they are.
"""

import importlib
import os
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any, Self

import boto3

from local import people
from local.gateway import Gateway
from local.outbox import Outbox
from local.pump import Pump, Source
from local.resources import Resources, create_resources
from local.schedule import Schedule
from local.site import Site
from local.strict.server import StrictMoto

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "infra" / "resources.yaml"
PAGE = ROOT / "frontend"
REGION = "eu-central-1"
LOOPBACK = "127.0.0.1"
MAIL_FROM = "manyhands@example.org"


@dataclass(frozen=True, kw_only=True)
class Options:
    """``port`` 0 takes a free one. ``sweep_every_s``: the deployed sweep runs every 300 s."""

    host: str = LOOPBACK
    port: int = 0
    sweep_every_s: float = 30.0


class Stack:
    """The running system; a context manager. One for each process: it sets the environment."""

    url: str
    resources: Resources
    outbox: Outbox

    def __init__(self, options: Options = Options()) -> None:
        self._options = options
        self._ending = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._ending.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._ending.close()
