"""Watching an upload from outside, as a device without the file may."""

from typing import Any

import urllib3

from local.people import PASSWORD

INITIATE = "AWSCognitoIdentityProviderService.InitiateAuth"


class Watcher:
    """Somebody who is signed in and asks the API."""

    def __init__(self, url: str, person: str) -> None:
        self._url = url
        self._http = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(60))
        self._token = self._sign_in(person)
        self._etag = ""
        self._last: dict[str, Any] = {}

    def upload(self, id: str) -> dict[str, Any]:
        """The upload and its board; what is unchanged is not sent again."""
        answer = self._get(f"/uploads/{id}", {"If-None-Match": self._etag})
        if answer.status != 304:
            self._etag, self._last = answer.headers["ETag"], answer.json()
        return self._last

    def download(self, id: str) -> urllib3.BaseHTTPResponse:
        """The stored object, as a stream of bytes."""
        found = self._get(f"/uploads/{id}/download", {}).json()
        return self._http.request("GET", found["url"], preload_content=False)

    def _get(self, path: str, headers: dict[str, str]) -> urllib3.BaseHTTPResponse:
        sent = {"Authorization": f"Bearer {self._token}"} | headers
        return self._http.request("GET", f"{self._url}/api{path}", headers=sent)

    def _sign_in(self, person: str) -> str:
        config = self._http.request("GET", f"{self._url}/config.json").json()
        answer = self._http.request(
            "POST",
            config["cognito_endpoint"],
            headers={"X-Amz-Target": INITIATE, "Content-Type": "application/x-amz-json-1.1"},
            json={
                "ClientId": config["client_id"],
                "AuthFlow": "USER_PASSWORD_AUTH",
                "AuthParameters": {"USERNAME": person, "PASSWORD": PASSWORD},
            },
        )
        return str(answer.json()["AuthenticationResult"]["AccessToken"])
