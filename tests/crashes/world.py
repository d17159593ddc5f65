"""The deployed system in one process and one thread: real functions, wiring and adapters.

The template's resources stand in the strict moto; the API is called as Lambda calls it; the stream
and the schedule move only when told to, by a clock that does too. A part is 1 KiB here instead of
5 MiB: that, and the clock, are all that is not as deployed.
"""

import json
from base64 import b64decode
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

import boto3
from chalice.local import LambdaEventConverter, RouteMatcher
from moto.backends import get_backend
from moto.core import DEFAULT_ACCOUNT_ID

import app
from chalicelib import wiring
from chalicelib.adapters.caches import CachedManifests
from chalicelib.adapters.cognito import issuer_of
from chalicelib.adapters.dynamodb import DynamoManifests
from chalicelib.adapters.items import BOARD, upload_of
from chalicelib.adapters.system import SystemClock
from chalicelib.domain.parts import PartLimits
from chalicelib.domain.uploads import Upload
from local import people
from local.outbox import Outbox
from local.pump import as_lambda_gives_it
from local.resources import create_resources
from local.schedule import scheduled_event
from local.stack import MAIL_FROM, REGION, TEMPLATE
from local.stream_filter import matches
from tests.adapters.signing import Signer, access_claims
from tests.crashes.wire import Wire
from tests.fakes.clock import FakeClock

PART = 1024
LIMITS = PartLimits(min_part=PART, step=PART)
FUNCTIONS = ("assemble", "notify")
MINUTE = 60_000

_numbers = count(1)


def decoded(image: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The item of an image: the stream writes binaries in base64."""
    return {
        n: {k: b64decode(v) if k == "B" else v for k, v in value.items()}
        for n, value in image.items()
    }


@cache
def _client(service: str) -> Any:
    return boto3.client(service, region_name=REGION)  # type: ignore[call-overload]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any


class World:
    """An empty system. ``environment`` is this process's own, which the world sets."""

    def __init__(self, wire: Wire, signer: Signer, environment: Any) -> None:
        self.wire, self._signer = wire, signer
        name = {"AWS::StackName": f"crashes-{next(_numbers)}", "MailFrom": MAIL_FROM}
        name |= {"EventBus": "default"}
        self.resources = create_resources(TEMPLATE, self.client, REGION, name)
        environment.update(self.resources.environment("APIHandler"))
        environment["JWKS_URL"] = signer.jwks_url
        self.client("ses").verify_email_identity(EmailAddress=MAIL_FROM)
        self._bring_people_in()
        self.clock = FakeClock(SystemClock().now())
        self._events = LambdaEventConverter(RouteMatcher(list(app.app.routes)))
        self._patterns = {f: self.resources.patterns(f.capitalize()) for f in FUNCTIONS}
        self._heard = 0
        self.pending: dict[str, list[Any]] = defaultdict(list)
        self.history: list[Any] = []
        self._wire_up()

    def client(self, service: str) -> Any:
        return _client(service)

    def _bring_people_in(self) -> None:
        cognito, pool = self.client("cognito-idp"), self.resources.references.ref("Pool")
        people.bring_in(cognito, pool)
        self._tokens = {s.name: self._token(cognito, pool, s) for s in people.SAMPLES}

    def _token(self, cognito: Any, pool: str, sample: people.Sample) -> str:
        user = cognito.admin_get_user(UserPoolId=pool, Username=sample.name)
        said = {a["Name"]: a["Value"] for a in user["UserAttributes"]}
        mine = {
            "sub": said["sub"],
            "username": sample.name,
            "iss": issuer_of(REGION, pool),
            "client_id": self.resources.references.ref("PoolClient"),
            "cognito:groups": list(sample.groups),
        }
        return self._signer.sign(access_claims() | mine)

    def _wire_up(self) -> None:
        for made in (wiring.settings, wiring._core, wiring.post, wiring.tokens):
            made.cache_clear()
        for core in (wiring.core(), wiring.patient_core()):
            object.__setattr__(core, "clock", self.clock)
            object.__setattr__(core, "limits", LIMITS)

    def new_processes(self) -> None:
        """Nothing is left of what functions keep between two calls: pages that they have read."""
        for core in (wiring.core(), wiring.patient_core()):
            manifests = CachedManifests(DynamoManifests(self.client("dynamodb"), self.table))
            object.__setattr__(core, "manifests", manifests)

    def call(self, who: str, method: str, path: str, body: Any = None) -> Answer:
        """Call the API."""
        headers = {"Authorization": f"Bearer {self._tokens[who]}"}
        sent = json.dumps(body) if body is not None else ""
        if sent:
            headers["Content-Type"] = "application/json"
        event = self._events.create_lambda_event(method, path, headers, sent)
        got = app.app(event, None)
        return Answer(got["statusCode"], json.loads(got["body"]) if got["body"] else None)

    def run(self, function: str, record: Any) -> None:
        """Let an event function have one record of the stream."""
        getattr(app, function)({"Records": [record]}, None)

    def sweep(self) -> None:
        app.sweep(scheduled_event(datetime.now(UTC)), None)

    def listen(self) -> None:
        """Read the stream on: into ``history``, and what a function is for into ``pending``."""
        arn = self.resources.references.attribute("Table.StreamArn")
        for raw in self._fresh():
            record = as_lambda_gives_it(raw, arn)
            self.history.append(record["dynamodb"])
            for function in FUNCTIONS:
                if any(matches(p, record) for p in self._patterns[function]):
                    self.pending[function].append(record)

    def deliver(self) -> None:
        """Let the event functions have all that waits for them, and what comes of it."""
        self.listen()
        for _ in range(20):
            waiting = next(((f, self.pending[f]) for f in FUNCTIONS if self.pending[f]), None)
            if waiting is None:
                return
            self.run(waiting[0], waiting[1].pop(0))
            self.listen()
        raise AssertionError("liveness: the stream's events have no end")

    def _fresh(self) -> list[Any]:
        """The stream's new records, taken from behind moto's counter to save calls."""
        tables = get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][REGION].tables
        items = tables[self.table].stream_shard.items
        fresh, self._heard = items[self._heard :], len(items)
        return [item.to_json() for item in fresh]

    def board(self, id: str) -> Upload | None:
        """The upload as last written, read from the stream: that costs no call."""
        self.listen()
        images = (record.get("NewImage", {}) for record in reversed(self.history))
        found = (i for i in images if i and i["pk"]["S"] == id and i["sk"]["S"] == BOARD)
        image = next(found, None)
        return upload_of(decoded(image)) if image else None

    @property
    def bucket(self) -> str:
        return str(self.resources.references.ref("Bucket"))

    @property
    def table(self) -> str:
        return str(self.resources.references.ref("Table"))

    def forget(self) -> None:
        """Begin a new story: what was written and told so far is no part of it."""
        self.listen()
        self.history.clear()
        self.pending.clear()
        self._published.clear()
        self._mailed.clear()

    def told(self, id: str) -> tuple[int, int]:
        """How many messages of an upload there were at the topic, and mails to its owner."""
        published = [json.loads(sent[1])["upload"] for sent in self._published]
        mails = [mail.text for mail in Outbox(REGION).mails()]
        return published.count(id), sum(f"/uploads/{id}" in text for text in mails)

    @property
    def _published(self) -> list[Any]:
        topics = get_backend("sns")[DEFAULT_ACCOUNT_ID][REGION].topics
        return topics[self.resources.references.ref("Topic")].sent_notifications

    @property
    def _mailed(self) -> list[Any]:
        return get_backend("ses")[DEFAULT_ACCOUNT_ID][REGION].sent_messages
