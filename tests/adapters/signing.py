"""A pool's signing keys, and the address where they are published."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.adapters.cognito import issuer_of

APP = "app-client"
ISSUER = issuer_of("eu-central-1", "eu-central-1_pool")


class Signer:
    """Signs with a key of its own; ``jwks_url`` serves ``document`` and counts how often."""

    def __init__(self) -> None:
        self.issuer = ISSUER
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.document = jwks({"key-1": self.key})
        self.fetched = 0
        self.jwks_url = ""

    def access(self, **claims: Any) -> str:
        """An access token as Cognito makes it; a claim that is None is left out."""
        return self.sign(access_claims() | claims)

    def sign(self, claims: dict[str, Any], key_id: str = "key-1") -> str:
        said = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(said, self.key, algorithm="RS256", headers={"kid": key_id})


def access_claims() -> dict[str, Any]:
    now = int(time.time())
    return {
        "sub": "sub-dora",
        "username": "dora",
        "iss": ISSUER,
        "client_id": APP,
        "token_use": "access",
        "scope": "aws.cognito.signin.user.admin",
        "iat": now,
        "exp": now + 3600,
    }


def jwks(keys: dict[str, rsa.RSAPrivateKey]) -> bytes:
    """The document that publishes these keys, by key id."""
    published = [
        jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        | {"kid": key_id, "use": "sig", "alg": "RS256"}
        for key_id, key in keys.items()
    ]
    return json.dumps({"keys": published}).encode()


@contextmanager
def serving() -> Iterator[Signer]:
    signer = Signer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            signer.fetched += 1
            self.send_response(200)
            self.end_headers()
            self.wfile.write(signer.document)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        signer.jwks_url = f"http://127.0.0.1:{server.server_port}/jwks.json"
        yield signer
        server.shutdown()
