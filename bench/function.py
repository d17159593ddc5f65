"""The API's function as it is deployed, called in this process as Lambda calls it.

    event ──> app ──> token, service, adapters ──> botocore ──> table in memory

The very code, from the gateway's event to its answer; the one thing left out is the way to
DynamoDB and back, which no emulator has as AWS has it. So the times are those of the processor.
"""

import base64
import importlib
import os
import random
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa

from bench.table import Table, answering
from chalicelib import wiring
from chalicelib.adapters.cognito import issuer_of
from chalicelib.service.core import Core

POOL, APP, REGION, PERSON = "eu-central-1_bench", "bench-client", "eu-central-1", "sub-of-ana"
SESSION_TOKEN = base64.b64encode(random.Random(1).randbytes(675)).decode()
"""As long as Lambda's own, and as hard to compress; every signed URL carries it."""

SETTINGS = {
    "TABLE": "table",
    "BUCKET": "manyhands-bucket-1abcdefghij",
    "TOPIC": "arn:aws:sns:eu-central-1:123456789012:topic",
    "POOL_ID": POOL,
    "CLIENT_IDS": APP,
    "MAIL_FROM": "files@example.org",
    "PAGE_URL": "https://up.example.org",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "ASIAEXAMPLEEXAMPLEEX",
    "AWS_SECRET_ACCESS_KEY": "s" * 40,
    "AWS_SESSION_TOKEN": SESSION_TOKEN,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


class Function:
    """``token`` is one that the function believes."""

    def __init__(self, table: Table, token: str) -> None:
        self.table, self.token = table, token
        self._app = importlib.import_module("app").app

    @property
    def core(self) -> Core:
        return wiring.core()

    def exchange(self, id: str, body: bytes) -> Mapping[str, Any]:
        """The gateway's answer to an exchange."""
        answer: Mapping[str, Any] = self._app(self._event(id, body), None)
        return answer

    def _event(self, id: str, body: bytes) -> dict[str, Any]:
        context = {"httpMethod": "POST", "resourcePath": "/uploads/{id}/tickets", "identity": {}}
        return {
            "requestContext": context,
            "headers": {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
            },
            "multiValueQueryStringParameters": None,
            "pathParameters": {"id": id},
            "stageVariables": None,
            "body": body.decode(),
            "isBase64Encoded": False,
        }


@contextmanager
def function() -> Iterator[Function]:
    """Ready to be called; this process's settings and clients are those of the bench meanwhile."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    table = Table()
    with _published(key) as jwks_url, _environment(SETTINGS | {"JWKS_URL": jwks_url}):
        _forget()
        boto3.setup_default_session()
        answering(boto3.DEFAULT_SESSION, table)
        yield Function(table, _token(key))
    _forget()
    boto3.DEFAULT_SESSION = None


def _forget() -> None:
    for made in (wiring.settings, wiring._core, wiring.tokens):
        made.cache_clear()


def _token(key: rsa.RSAPrivateKey) -> str:
    now = int(time.time())
    claims = {
        "sub": PERSON,
        "username": "ana",
        "iss": issuer_of(REGION, POOL),
        "client_id": APP,
        "token_use": "access",
        "iat": now,
        "exp": now + 3600,
    }
    return jwt.encode(claims, key, algorithm="RS256", headers={"kid": "key"})


@contextmanager
def _published(key: rsa.RSAPrivateKey) -> Iterator[str]:
    """The address of the pool's public keys."""
    public = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    document = msgspec.json.encode({"keys": [public | {"kid": "key", "use": "sig"}]})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/jwks.json"
        server.shutdown()


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """These, and no endpoints of another's."""
    before = dict(os.environ)
    for name in [n for n in os.environ if n.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
