"""Tokens that must not open a door, and what happens when keys cannot be had."""

import base64
import hashlib
import hmac
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.adapters.cognito import CognitoPeople, CognitoTokens, issuer_of, jwks_url_of
from chalicelib.domain.board import Person
from chalicelib.domain.errors import IdentityUnavailable, TokenExpired, TokenInvalid
from tests.adapters.cloud import Cloud
from tests.adapters.signing import APP, ISSUER, Signer, access_claims, jwks
from tests.contracts.test_people import sub_of


@pytest.fixture
def tokens(signer: Signer) -> CognitoTokens:
    return CognitoTokens(ISSUER, (APP, "second-app"), signer.jwks_url)


def _encoded(header: object, claims: object, signature: bytes = b"") -> str:
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(p).decode().rstrip("=") for p in parts)


def _public_pem(signer: Signer) -> bytes:
    return signer.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _signed_with_the_public_key(signer: Signer) -> str:
    """The classic: HS256, with what everybody knows as the secret."""
    head = _encoded({"alg": "HS256", "kid": "key-1", "typ": "JWT"}, access_claims())[:-1]
    code = hmac.new(_public_pem(signer), head.encode(), hashlib.sha256).digest()
    return f"{head}.{base64.urlsafe_b64encode(code).decode().rstrip('=')}"


def test_every_app_client_of_ours_is_welcome(signer: Signer, tokens: CognitoTokens) -> None:
    for app in (APP, "second-app"):
        assert tokens.verify(signer.access(client_id=app)).person == Person("sub-dora", "dora")


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": issuer_of("eu-central-1", "eu-central-1_other")},
        {"iss": None},
        {"token_use": "id"},
        {"token_use": None},
        {"client_id": "other-app"},
        {"client_id": None},
        {"client_id": [APP]},
        {"client_id": None, "aud": APP},
        {"sub": None},
        {"sub": 7},
        {"exp": None},
        {"iat": None},
        {"exp": "soon"},
        {"iat": 9_999_999_999},
        {"nbf": 9_999_999_999},
    ],
    ids=str,
)
def test_a_well_signed_token_with_a_wrong_claim_is_invalid(
    signer: Signer, tokens: CognitoTokens, claims: dict[str, object]
) -> None:
    with pytest.raises(TokenInvalid):
        tokens.verify(signer.access(**claims))


def test_a_token_signed_with_the_public_key_as_a_secret_is_invalid(
    signer: Signer, tokens: CognitoTokens
) -> None:
    with pytest.raises(TokenInvalid):
        tokens.verify(_signed_with_the_public_key(signer))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", "RS512", "ES256", None, 7])
def test_a_token_of_another_algorithm_is_invalid(
    signer: Signer, tokens: CognitoTokens, algorithm: object
) -> None:
    with pytest.raises(TokenInvalid):
        tokens.verify(_encoded({"alg": algorithm, "kid": "key-1"}, access_claims()))
    assert signer.fetched == 0


def test_a_token_signed_with_a_stronger_hash_is_invalid(
    signer: Signer, tokens: CognitoTokens
) -> None:
    strong = jwt.encode(access_claims(), signer.key, "RS512", {"kid": "key-1"})
    with pytest.raises(TokenInvalid):
        tokens.verify(strong)


def test_a_token_signed_by_somebody_else_under_our_key_id_is_invalid(
    tokens: CognitoTokens,
) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(TokenInvalid):
        tokens.verify(jwt.encode(access_claims(), stranger, "RS256", {"kid": "key-1"}))


def test_a_token_that_brings_its_own_key_is_invalid(tokens: CognitoTokens) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    own = json.loads(jwks({"key-1": stranger}))["keys"][0]
    header = {"kid": "key-1", "jwk": own, "jku": "http://127.0.0.1:1/jwks.json"}
    with pytest.raises(TokenInvalid):
        tokens.verify(jwt.encode(access_claims(), stranger, "RS256", header))


def test_a_token_whose_claims_were_changed_is_invalid(
    signer: Signer, tokens: CognitoTokens
) -> None:
    head, _, signature = signer.access().split(".")
    other = _encoded({}, access_claims() | {"sub": "sub-ana"}).split(".")[1]
    with pytest.raises(TokenInvalid):
        tokens.verify(f"{head}.{other}.{signature}")


@pytest.mark.parametrize(
    "junk",
    [
        "",
        ".",
        "..",
        "...",
        "junk",
        "a.b.c",
        "Bearer x",
        "é.é.é",
        "\x00",
        "\ud800",
        "e30.e30.",
        "A" * 100_000,
        _encoded([], {}),
        _encoded({"alg": "RS256"}, {}),
        _encoded({"alg": "RS256", "kid": 7}, {}),
        _encoded({"alg": "RS256", "kid": "key-1"}, "text"),
        _encoded({"alg": "RS256", "kid": "key-1", "crit": ["x"]}, {}),
        base64.urlsafe_b64encode(b"[" * 6_000).decode() + ".e30.e30",
    ],
    ids=lambda junk: repr(junk[:24]),
)
def test_junk_is_invalid_and_never_echoed(tokens: CognitoTokens, junk: str) -> None:
    with pytest.raises(TokenInvalid) as refused:
        tokens.verify(junk)
    assert refused.value.message == TokenInvalid.text
    assert refused.value.__cause__ is None
    assert refused.value.details == {}


def test_an_expired_token_is_expired_after_half_a_minute_of_grace(
    signer: Signer, tokens: CognitoTokens
) -> None:
    now = int(time.time())
    tokens.verify(signer.access(exp=now - 20))
    with pytest.raises(TokenExpired):
        tokens.verify(signer.access(exp=now - 40))


def test_an_expired_token_of_somebody_else_is_invalid(tokens: CognitoTokens) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    old = access_claims() | {"exp": 1}
    with pytest.raises(TokenInvalid):
        tokens.verify(jwt.encode(old, stranger, "RS256", {"kid": "key-1"}))


def test_a_pools_group_cannot_pass_for_somebodys_own(signer: Signer, tokens: CognitoTokens) -> None:
    caller = tokens.verify(signer.access(**{"cognito:groups": ["user:sub-ana", "lab", "film"]}))
    assert caller.groups == ("user:sub-dora", "film", "lab")


def test_a_person_without_groups_has_their_own(signer: Signer, tokens: CognitoTokens) -> None:
    assert tokens.verify(signer.access()).groups == ("user:sub-dora",)


def test_keys_are_fetched_once(signer: Signer, tokens: CognitoTokens) -> None:
    for _ in range(5):
        tokens.verify(signer.access())
    assert signer.fetched == 1


def test_unknown_key_ids_are_no_flood(signer: Signer, tokens: CognitoTokens) -> None:
    for n in range(50):
        with pytest.raises(TokenInvalid):
            tokens.verify(signer.sign(access_claims(), key_id=f"unknown-{n}"))
    assert signer.fetched == 1


def test_a_new_key_is_found_once_the_cooldown_is_over(
    signer: Signer, tokens: CognitoTokens
) -> None:
    tokens.verify(signer.access())
    signer.document = jwks({"key-1": signer.key, "key-2": signer.key})
    tokens._keys.cooldown_duration = 0
    tokens.verify(signer.sign(access_claims(), key_id="key-2"))
    assert signer.fetched == 2


@pytest.mark.parametrize("document", [b"", b"<html>", b"[]", b"{}", b'{"keys": []}', b"[" * 9_000])
def test_keys_that_cannot_be_read_are_our_trouble_not_the_callers(
    signer: Signer, tokens: CognitoTokens, document: bytes
) -> None:
    signer.document = document
    with pytest.raises(IdentityUnavailable) as raised:
        tokens.verify(signer.access())
    assert raised.value.__cause__ is not None


def test_keys_that_cannot_be_fetched_are_our_trouble(signer: Signer) -> None:
    tokens = CognitoTokens(ISSUER, (APP,), "http://127.0.0.1:1/jwks.json")
    with pytest.raises(IdentityUnavailable):
        tokens.verify(signer.access())


def test_keys_that_cannot_be_renewed_are_our_trouble_too(
    signer: Signer, tokens: CognitoTokens
) -> None:
    tokens.verify(signer.access())
    signer.document = b"<html>"
    tokens._keys.cooldown_duration = 0
    with pytest.raises(IdentityUnavailable):
        tokens.verify(signer.sign(access_claims(), key_id="key-2"))


def test_while_keys_are_kept_the_address_may_be_down(signer: Signer, tokens: CognitoTokens) -> None:
    tokens.verify(signer.access())
    signer.document = b"<html>"
    assert tokens.verify(signer.access()).person.name == "dora"


def test_the_keys_of_a_pool_are_at_its_issuer() -> None:
    assert jwks_url_of(ISSUER, "") == (
        "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_pool/.well-known/jwks.json"
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "[::1]", "localhost"])
def test_an_override_on_this_machine_counts(host: str) -> None:
    url = f"http://{host}:5000/jwks.json"
    assert jwks_url_of(ISSUER, url) == url


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/jwks.json",
        "http://127.0.0.1.example.org/",
        "http://127.0.0.1@example.org/",
        "http://localhost.example.org/",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://[::]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://example.org#@127.0.0.1/",
        "http://example.org\\@127.0.0.1/",
        "127.0.0.1/jwks.json",
        "file:///etc/passwd",
        "file://localhost/etc/passwd",
    ],
)
def test_an_override_anywhere_else_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        jwks_url_of(ISSUER, url)


def test_an_address_that_was_never_verified_is_none(cloud: Cloud) -> None:
    cognito = cloud.client("cognito-idp")
    sub = sub_of(cognito, cloud.pool, "emil", email_verified="false")
    assert CognitoPeople(cognito, cloud.pool).address(Person(sub, "emil")) is None
