"""Calling the API over real HTTP, as a client would that does nothing by itself.

Every answer is checked against ``docs/openapi.yaml``: an undocumented status, or a body that is
not as described, fails the test that received it.
"""

import hashlib
import json
import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema
import urllib3

from chalicelib.domain.manifest import page_length, parts_before
from local.people import PASSWORD
from tools.openapi import OPERATIONS, document

PART = 5 * 1024 * 1024
HTTP = urllib3.PoolManager(maxsize=8, retries=False, timeout=urllib3.Timeout(30))
DOCUMENT = document(gateway=False)


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> str:
        return str(self.body["code"])


@dataclass(frozen=True)
class Caller:
    """Somebody with a token, or without: ``authorization`` is the header, "" for none."""

    url: str
    authorization: str

    @classmethod
    def signed_in(cls, url: str, name: str) -> "Caller":
        return cls(url, f"Bearer {sign_in(url, name)['AccessToken']}")

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("GET", path, headers=headers)

    def post(self, path: str, body: Any = None) -> Answer:
        return self.call("POST", path, json.dumps(body).encode() if body is not None else b"")

    def put(self, path: str, body: Any) -> Answer:
        return self.call("PUT", path, json.dumps(body).encode())

    def delete(self, path: str) -> Answer:
        return self.call("DELETE", path)

    def call(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = {}
    ) -> Answer:
        sent = {"Content-Type": "application/json", **headers}
        if self.authorization:
            sent["Authorization"] = self.authorization
        got = HTTP.request(method, f"{self.url}/api{path}", body=body, headers=sent)
        answer = Answer(got.status, json.loads(got.data) if got.data else None, got.headers)
        check_documented(method, path, answer)
        return answer


def sign_in(url: str, name: str) -> dict[str, Any]:
    config = HTTP.request("GET", f"{url}/config.json").json()
    answer = HTTP.request(
        "POST",
        config["cognito_endpoint"],
        headers={
            "X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth",
            "Content-Type": "application/x-amz-json-1.1",
        },
        json={
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": config["client_id"],
            "AuthParameters": {"USERNAME": name, "PASSWORD": PASSWORD},
        },
    )
    result: dict[str, Any] = answer.json()["AuthenticationResult"]
    return result


def check_documented(method: str, path: str, answer: Answer) -> None:
    """Fail unless the document knows such an answer to such a call."""
    operation = _operation(method, path)
    if operation is None:
        assert answer.status in {404, 405}
        schema = {"$ref": "#/components/schemas/ErrorReply"}
    else:
        responses = operation["responses"]
        assert str(answer.status) in responses, f"{answer.status} {answer.body} is not documented"
        described = responses[str(answer.status)]
        if "content" not in described:
            assert answer.body is None
            return
        schema = described["content"]["application/json"]["schema"]
        if answer.status >= 400:
            assert answer.code in described["description"].split(", "), answer.body
    jsonschema.validate(answer.body, schema | {"components": DOCUMENT["components"]})


def _operation(method: str, path: str) -> Any:
    steps = path.partition("?")[0].rstrip("/").split("/")
    for operation in OPERATIONS:
        pattern = operation.path.split("/")
        same = len(steps) == len(pattern) and all(
            p.startswith("{") or p == s for p, s in zip(pattern, steps, strict=True)
        )
        if same and operation.method == method:
            return DOCUMENT["paths"][operation.path][method.lower()]
    return None


def digest(body: bytes) -> str:
    return b64encode(hashlib.sha256(body).digest()).decode()


@dataclass
class File:
    """A file of random bytes, and what a client says of it."""

    body: bytes
    name: str = "film.mov"
    group: str = "film"

    @classmethod
    def of(cls, size: int, **fields: Any) -> "File":
        return cls(secrets.token_bytes(size), **fields)

    def part(self, number: int) -> bytes:
        return self.body[(number - 1) * PART : number * PART]

    def page(self, number: int) -> list[str]:
        """The digests on a page of the manifest, from 0."""
        count = max(1, -(-len(self.body) // PART))
        before, there = parts_before(number), page_length(number, count)
        return [digest(self.part(before + n)) for n in range(1, there + 1)]

    def described(self, **fields: Any) -> dict[str, Any]:
        """As a client describes it that creates or joins the upload: with its first page."""
        base = {
            "group": self.group,
            "name": self.name,
            "size": len(self.body),
            "part_size": PART,
            "digests": self.page(0),
        }
        return base | fields


class Device:
    """A client at the board of one upload; it does what the protocol says, one call at a time."""

    def __init__(self, caller: Caller, upload: str, label: str = "device") -> None:
        self.caller, self.upload, self.label = caller, upload, label
        self.client, self.seq = secrets.token_hex(8), 0

    def exchange(self, **fields: Any) -> Answer:
        self.seq += 1
        said = {
            "client": self.client,
            "label": self.label,
            "seq": self.seq,
            "holding": [],
            "done": [],
            "want": 0,
            "rate": 0,
        }
        return self.caller.post(f"/uploads/{self.upload}/tickets", said | fields)

    def send_all(self, file: File) -> None:
        """Take tickets, send the parts, report them, until nothing is handed out."""
        done: list[int] = []
        while tickets := self.exchange(want=4, done=done).body["tickets"]:
            done = [ticket["part"] for ticket in tickets]
            for ticket in tickets:
                assert send(ticket, file.part(ticket["part"])) == 200


def send(ticket: Mapping[str, Any], body: bytes, **headers: str) -> int:
    """PUT a part by its URL; the storage's status."""
    sent = {**ticket["headers"], "Content-Type": "application/octet-stream", **headers}
    status: int = HTTP.request("PUT", ticket["url"], body=body, headers=sent).status
    return status
