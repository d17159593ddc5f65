"""``app.py`` in a process of its own, on the stores that its environment names.

It is called as a host of Chalice calls it, with Lambda's events, and told by ``assemble`` what a
stream would tell it. Prints what became of one upload.
"""

import json
import os
import sys
from typing import Any

import urllib3
from chalice.local import LambdaEventConverter, RouteMatcher

from tests.adapters.signing import APP, ISSUER, access_claims, serving
from tests.stores.trial import PLAN, digest

BODY = os.urandom(PLAN.size)


def main() -> int:
    with serving() as signer:
        region, pool = ISSUER.split("cognito-idp.")[1].split(".")[0], ISSUER.rpartition("/")[2]
        os.environ |= {"JWKS_URL": signer.jwks_url, "POOL_ID": pool, "CLIENT_IDS": APP}
        os.environ |= {"TOPIC": "none", "MAIL_FROM": "a@example.org", "PAGE_URL": "http://x"}
        assert os.environ["AWS_REGION"] == region
        claims = access_claims() | {"cognito:groups": ["film"]}
        print(json.dumps(_upload(Host(signer.sign(claims)))))
    return 0


class Host:
    def __init__(self, token: str) -> None:
        import app

        self.app, self._token = app, token
        self._events = LambdaEventConverter(RouteMatcher(list(app.app.routes)))

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        sent = json.dumps(body) if body is not None else ""
        got = self.app.app(self._events.create_lambda_event(method, path, headers, sent), None)
        assert got["statusCode"] < 300, got["body"]
        return json.loads(got["body"])


def _upload(host: Host) -> dict[str, Any]:
    parts = [BODY[PLAN.offset(n) :][: PLAN.length(n)] for n in range(1, PLAN.count + 1)]
    file = {"group": "film", "name": "film.mov", "size": PLAN.size, "part_size": PLAN.part_size}
    made = host.call("POST", "/uploads", file | {"digests": [digest(part) for part in parts]})
    path = f"/uploads/{made['upload']['id']}"
    said: dict[str, Any] = {"client": "hosted-client", "label": "here", "rate": 0, "holding": []}
    taken = host.call("POST", f"{path}/tickets", said | {"seq": 1, "done": [], "want": 3})
    for ticket in taken["tickets"]:
        put = urllib3.request(
            "PUT", ticket["url"], body=parts[ticket["part"] - 1], headers=ticket["headers"]
        )
        assert put.status == 200, put.data
    done = [ticket["part"] for ticket in taken["tickets"]]
    host.call("POST", f"{path}/tickets", said | {"seq": 2, "done": done, "want": 0})
    key = {"pk": {"S": made["upload"]["id"]}, "sk": {"S": "BOARD"}}
    host.app.assemble({"Records": [{"dynamodb": {"Keys": key}}]}, None)
    status = host.call("GET", path)["upload"]["status"]
    got = urllib3.request("GET", host.call("GET", f"{path}/download")["url"])
    url = taken["tickets"][0]["url"].partition(f"/{made['upload']['id']}")[0]
    return {"url": url, "status": status, "downloaded": got.data == BODY}


if __name__ == "__main__":
    sys.exit(main())
