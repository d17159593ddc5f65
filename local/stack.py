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
import json
import os
import socket
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
from local.sign_in.endpoints import SignIn
from local.sign_in.grants import Client
from local.site import Site
from local.strict.gate import KEY, SECRET
from local.strict.server import StrictMoto

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "infra"
DEPLOYED = ROOT / ".chalice" / "config.json"
PAGE = ROOT / "frontend"
REGION = "eu-central-1"
LOOPBACK = "127.0.0.1"
MAIL_FROM = "manyhands@example.org"
ANYWHERE = "0.0.0.0"


@dataclass(frozen=True, kw_only=True)
class Options:
    """``port`` 0 takes a free one. ``sweep_every_s``: the deployed sweep runs every 300 s.

    ``page_url``, ``storage_url``: where clients find the page and the storage if something stands
    before them, e.g. a proxy; "" if not. ``other_origins``, ``embedding_page``: as the template's.
    """

    host: str = LOOPBACK
    port: int = 0
    storage_port: int = 0
    page_url: str = ""
    storage_url: str = ""
    other_origins: tuple[str, ...] = ()
    embedding_page: str = ""
    sweep_every_s: float = 30.0


class Stack:
    """The running system; a context manager. One for each process: it sets the environment."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._ending = ExitStack()
        self.outbox = Outbox(REGION)
        self.url = ""
        self.resources: Resources

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

    def client(self, service: str) -> Any:
        """A boto3 client of what stands for AWS here."""
        return boto3.client(service, region_name=REGION)  # type: ignore[call-overload]

    def _start(self) -> None:
        port = self._options.port or _free_port(self._options.host)
        self.url = self._options.page_url or f"http://{reachable(self._options.host)}:{port}"
        inside, storage = self._start_moto()
        self._set_environment(_credentials(inside, storage))
        parameters = {
            "PageOrigin": self.url,
            "MailFrom": MAIL_FROM,
            "OtherOrigins": ",".join(self._options.other_origins),
            "EmbeddingPage": self._options.embedding_page,
            "EventBus": "default",
        }
        self.resources = create_resources(TEMPLATE, self.client, REGION, parameters)
        self._set_environment(self.resources.environment("APIHandler"))
        pool = self.resources.references.ref("Pool")
        self._set_environment({"JWKS_URL": f"{inside}/{pool}/.well-known/jwks.json"})
        self.client("ses").verify_email_identity(EmailAddress=MAIL_FROM)
        people.bring_in(self.client("cognito-idp"), pool)
        self._start_functions(port, storage)

    def _start_moto(self) -> tuple[str, str]:
        """Where the server finds AWS, and where clients find the storage."""
        asked = self._options
        if asked.host == LOOPBACK:
            inside = self._ending.enter_context(StrictMoto(port=asked.storage_port)).url
            return inside, asked.storage_url or inside
        inside, here = self._ending.enter_context(StrictMoto()).url, reachable(asked.host)
        trusted = frozenset({LOOPBACK, here})
        outside = self._ending.enter_context(StrictMoto(asked.host, asked.storage_port, trusted))
        return inside, asked.storage_url or f"http://{here}:{outside.port}"

    def _set_environment(self, variables: Mapping[str, str]) -> None:
        before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables)
        self._ending.callback(_restore, before)

    def _start_functions(self, port: int, storage: str) -> None:
        app = importlib.import_module("app")
        config, others = self._page_config(storage), self._options.other_origins
        site = Site(PAGE, config, self.outbox, self._sign_in(), [storage], others)
        gateway = Gateway(
            app.app,
            site,
            self.resources.refusals(),
            self._options.host,
            port,
            json.loads(DEPLOYED.read_text())["minimum_compression_size"],
        )
        self._ending.callback(gateway.stop)
        threading.Thread(target=gateway.serve_forever, name="gateway", daemon=True).start()
        for name in ("Assemble", "Notify"):
            pump = Pump(self._source(name, app), self.client("dynamodbstreams"), self.client("sqs"))
            pump.start()
            self._ending.callback(pump.stop)
        schedule = Schedule(lambda event: app.sweep(event, None), self._options.sweep_every_s)
        schedule.start()
        self._ending.callback(schedule.stop)

    def _source(self, name: str, app: ModuleType) -> Source:
        function = getattr(app, name.lower())
        return Source(
            name=name,
            function=lambda event: function(event, None),
            stream_arn=self.resources.references.attribute("Table.StreamArn"),
            patterns=self.resources.patterns(name),
            retries=self.resources.source(name)["MaximumRetryAttempts"],
            failures_url=self.resources.references.ref("Failures"),
        )

    def _sign_in(self) -> SignIn:
        cognito = self.client("cognito-idp")
        made = cognito.describe_user_pool_client(
            UserPoolId=self.resources.references.ref("Pool"),
            ClientId=self.resources.references.ref("PoolClient"),
        )["UserPoolClient"]
        addresses = (tuple(made["CallbackURLs"]), tuple(made["LogoutURLs"]))
        return SignIn(cognito, Client(made["ClientId"], *addresses))

    def _page_config(self, storage: str) -> dict[str, Any]:
        pool = self.resources.references.ref("Pool")
        return {
            "api": "/api",
            "region": REGION,
            "user_pool_id": pool,
            "client_id": self.resources.references.ref("PoolClient"),
            "cognito_endpoint": storage,
            "sign_in": {
                "issuer": f"https://cognito-idp.{REGION}.amazonaws.com/{pool}",
                "authorize": f"{self.url}/oauth2/authorize",
                "token": f"{self.url}/oauth2/token",
                "revoke": f"{self.url}/oauth2/revoke",
                "logout": f"{self.url}/logout",
            },
        }


def reachable(host: str) -> str:
    """The address to give to others: ``host``, or, for all interfaces, this machine's own."""
    if host != ANYWHERE:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; only asks which interface would be used
        return str(probe.getsockname()[0])


def _credentials(inside: str, storage: str) -> dict[str, str]:
    elsewhere = {"AWS_ENDPOINT_URL_S3": storage} if storage != inside else {}
    return elsewhere | {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_SESSION_TOKEN": "",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": inside,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def _free_port(host: str) -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
