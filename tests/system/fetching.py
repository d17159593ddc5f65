"""A process that downloads, for tests that kill it: one event a line, as JSON."""

import os
import sys
from pathlib import Path

import msgspec

from manyhands.account.auth import StoredSession
from manyhands.account.store import Store, home
from manyhands.download.runner import Job, Runner
from manyhands.events import Event
from manyhands.net.api import Api
from manyhands.net.limiter import Limiter
from manyhands.net.schedule import rate_of
from manyhands.net.transport import PoolTransport


def tell(event: Event) -> None:
    sys.stdout.write(msgspec.json.encode(event).decode() + "\n")
    sys.stdout.flush()


def main(upload: str, target: str, rate: str) -> None:
    transport = PoolTransport()
    session = StoredSession(Store(home(os.environ)), transport)
    job = Job(upload=upload, target=Path(target), limiter=Limiter(rate_of(rate)))
    tell(Runner(job, Api(session.account.api, session, transport), tell).run())


if __name__ == "__main__":
    main(*sys.argv[1:])
