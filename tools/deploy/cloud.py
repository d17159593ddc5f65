"""Where things are deployed to: an account, a region, the stacks by name."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import boto3

from tools.deploy.artefacts import Artefacts
from tools.deploy.stack import Say, Stack

WORLDWIDE = "us-east-1"
"""Where CloudFront's certificates and web ACLs must be."""


def aloud(text: str) -> None:
    print(text)
    sys.stdout.flush()


@dataclass(frozen=True, kw_only=True)
class Cloud:
    """``make``: a client of a service, in a region; by default boto3's, with whatever credentials
    the person has."""

    region: str
    stage: str
    say: Say = aloud
    make: Callable[[str, str], Any] = lambda service, region: boto3.client(
        service,  # type: ignore[call-overload]
        region_name=region,
    )
    wait: Callable[[float], None] = field(default=time.sleep)

    @property
    def name(self) -> str:
        return f"manyhands-{self.stage}"

    @cached_property
    def account(self) -> str:
        return str(self.client("sts").get_caller_identity()["Account"])

    def client(self, service: str, region: str = "") -> Any:
        return self.make(service, region or self.region)

    def stack(self, region: str = "") -> Stack:
        """Ours; or its companion, if another region is named."""
        name = f"{self.name}-worldwide" if region else self.name
        client = self.client("cloudformation", region)
        return Stack(name=name, client=client, say=self.say, wait=self.wait)

    def artefacts(self, region: str = "") -> Artefacts:
        there = region or self.region
        return Artefacts(self.client("s3", there), self.account, there, self.name)

    def tags(self) -> list[dict[str, str]]:
        return [{"Key": "manyhands", "Value": self.stage}]
