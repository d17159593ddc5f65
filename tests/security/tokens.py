"""Tokens that must open nothing, made of what the owner of everything is known by.

Each says of itself that it is the owner's, so whatever it opened would be a breach. Those that are
well signed are signed with moto's own key, which everybody knows: that is why the key's address
counts on this machine only, and here it makes tokens wrong in just one thing.
"""

import base64
import gzip
import hashlib
import hmac
import json
import time
from pathlib import Path
from typing import Any

import jwt
import moto.cognitoidp
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from chalicelib.adapters.cognito import issuer_of
from local.stack import REGION, Stack
from tests.calls import sign_in

Claims = dict[str, Any]
KEY_ID = "dummy"
_FILE = Path(moto.cognitoidp.__file__).with_name("resources") / "jwks-private.json.gz"


def forgeries(stack: Stack, owner: str, other: str) -> dict[str, str]:
    """Tokens by what is wrong with them, as if from ``owner``; ``other`` is somebody else."""
    claims = claims_of(sign_in(stack.url, owner)["AccessToken"])
    hour_ago = int(time.time()) - 3_600
    return {
        "expired": signed(claims | {"iat": hour_ago - 3_600, "exp": hour_ago}),
        "an id token": sign_in(stack.url, owner)["IdToken"],
        "said to be no access token": signed(claims | {"token_use": "refresh"}),
        "of another app": signed(claims | {"client_id": "another-app"}),
        "of another pool": signed(claims | {"iss": issuer_of(REGION, f"{REGION}_other")}),
        "of another region": signed(claims | {"iss": claims["iss"].replace("eu-", "us-")}),
        "for nobody": signed({k: v for k, v in claims.items() if k != "sub"}),
        "without a signature": unsigned(claims),
        "with the public key as a secret": by_public_key(claims),
        "with a guessed secret": jwt.encode(claims, "s" * 32, "HS256", {"kid": KEY_ID}),
        "by another key": jwt.encode(claims, _another_key(), "RS256", {"kid": KEY_ID}),
        "with claims of the owner in it": tampered(sign_in(stack.url, other), claims),
        "junk": "a.b.c",
        "only dots": "." * 5_000,
    }


def claims_of(token: str) -> Claims:
    claims: Claims = jwt.decode(token, options={"verify_signature": False})
    return claims


def signed(claims: Claims) -> str:
    return jwt.encode(claims, _pools_key().key, "RS256", {"kid": KEY_ID})


def unsigned(claims: Claims) -> str:
    return f"{_encoded({'alg': 'none', 'kid': KEY_ID})}.{_encoded(claims)}."


def by_public_key(claims: Claims) -> str:
    """The classic: HS256, with what everybody knows as the secret."""
    public = _pools_key().key.public_key()
    secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = f"{_encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': KEY_ID})}.{_encoded(claims)}"
    code = hmac.new(secret, head.encode(), hashlib.sha256).digest()
    return f"{head}.{_base64(code)}"


def tampered(tokens: dict[str, Any], claims: Claims) -> str:
    """A real token whose claims were replaced, under its own signature."""
    head, _, signature = tokens["AccessToken"].split(".")
    return f"{head}.{_encoded(claims)}.{signature}"


def _pools_key() -> jwt.PyJWK:
    return jwt.PyJWK(json.loads(gzip.decompress(_FILE.read_bytes())))


def _another_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _encoded(value: object) -> str:
    return _base64(json.dumps(value).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
