"""Runs of the client against the fake service, with waits too short to notice."""

from pathlib import Path
from random import Random
from typing import Any

from manyhands.account.auth import StoredSession
from manyhands.account.store import Account, Store
from manyhands.engine.backoff import Backoff
from manyhands.engine.pace import Rules
from manyhands.events import Ended, Event
from manyhands.net.api import Api, Patience
from manyhands.net.limiter import Limiter
from manyhands.net.transport import PoolTransport
from manyhands.upload.runner import Job, Runner
from tests.client.fake_service import FakeService

HASTE = Backoff(base_s=0.002, cap_s=0.01)
QUICK = Rules(connections=3, soonest_s=0.01, look_s=0.01, backoff=HASTE)


def signed_in(service: FakeService, folder: Path) -> Store:
    store = Store(folder / "home")
    store.save(
        Account(
            url=f"{service.url}/",
            api=f"{service.url}/api",
            cognito_endpoint=service.url,
            client_id="c1",
            username="ana",
            access_token="token-1",
            refresh_token="refresh",
            expires_at=4e9,
        )
    )
    return store


def api_of(service: FakeService, folder: Path) -> Api:
    transport = PoolTransport()
    session = StoredSession(signed_in(service, folder), transport)
    patience = Patience(tries=4, timeout_s=5, backoff=HASTE)
    return Api(f"{service.url}/api", session, transport, patience=patience, rng=Random(1))


class Run:
    """One run; ``events`` are all it told, ``hooks`` are called with each."""

    def __init__(self, service: FakeService, path: Path, **job: Any) -> None:
        self.events: list[Event] = []
        self.hooks: list[Any] = []
        settings = {"label": "a test", "rules": QUICK, "limiter": Limiter()} | job
        folder = path.parent if path.parent.is_dir() else Path()
        self.runner = Runner(
            Job(path=path, **settings), api_of(service, folder), self._listen, rng=Random(1)
        )

    def go(self) -> Ended:
        return self.runner.run()

    def told(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def _listen(self, event: Event) -> None:
        self.events.append(event)
        for hook in self.hooks:
            hook(event)
