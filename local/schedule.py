"""The schedule: calls the sweep every so often, as EventBridge does."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

log = logging.getLogger(__name__)


class Schedule:
    """Calls ``function`` with a scheduled event every ``every_s`` seconds until stopped."""

    def __init__(self, function: Callable[[dict[str, Any]], object], every_s: float) -> None:
        self._function, self._every_s = function, every_s
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedule", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stopped.wait(self._every_s):
            try:
                self._function(scheduled_event(datetime.now(UTC)))
            except Exception:
                log.exception("the scheduled function failed")


def scheduled_event(now: datetime) -> dict[str, Any]:
    """An event as EventBridge sends it."""
    return {
        "version": "0",
        "id": "00000000-0000-0000-0000-000000000000",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "local",
        "resources": [],
        "detail": {},
    }
