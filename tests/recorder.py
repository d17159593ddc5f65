"""Which AWS operations each function makes, told apart by the thread that runs it.

Not those that Cognito answers to anybody, for which no permission exists: the sign-in of this
machine makes them in the same threads as the API.

``before-sign`` is heard for calls and for presigned URLs alike, and what a signed URL may do is
what its signer may do.
"""

import threading
from collections import defaultdict
from typing import Any

import boto3

from local.strict.gate import FOR_ANYBODY

FUNCTIONS = {"pump-Assemble": "assemble", "pump-Notify": "notify", "schedule": "sweep"}
POLLING = frozenset({"dynamodb-streams", "sqs"})
"""Called by Lambda's poller, not by the function; granted all the same, as AWS demands it."""

PREFIXES = {"cognito-identity-provider": "cognito-idp", "eventbridge": "events"}
"""IAM's names for services that the SDK calls otherwise."""

ALIKE = {
    "s3:CreateMultipartUpload": ("s3:PutObject",),
    "s3:CompleteMultipartUpload": ("s3:PutObject",),
    "s3:UploadPart": ("s3:PutObject",),
    "s3:ListParts": ("s3:ListMultipartUploadParts",),
    "s3:HeadObject": ("s3:GetObject", "s3:ListBucket"),
}
"""IAM's names for operations that S3's policies call otherwise."""


class Recorder:
    """``actions[function]``: the IAM actions that it needed so far; ``calls``: what, in order."""

    def __init__(self) -> None:
        self.actions: dict[str, set[str]] = defaultdict(set)
        self.calls: list[tuple[str, str]] = []

    def listen(self) -> None:
        """Hear every client that is made from now on."""
        boto3.setup_default_session()
        session: Any = boto3.DEFAULT_SESSION
        session.events.register("before-sign.*.*", self._heard)

    def _heard(self, event_name: str, **_: Any) -> None:
        _, service, operation = event_name.split(".")
        function = _function(threading.current_thread().name)
        if function and service not in POLLING and operation not in FOR_ANYBODY:
            name = f"{PREFIXES.get(service, service)}:{operation}"
            self.calls.append((function, name))
            self.actions[function].update(ALIKE.get(name, (name,)))


def _function(thread: str) -> str | None:
    if "process_request_thread" in thread:
        return "api"
    return FUNCTIONS.get(thread)
