"""Which calls a client makes, as botocore itself tells: "dynamodb:PutItem", in order."""

from typing import Any


class Recorder:
    def __init__(self, client: Any) -> None:
        self.calls: list[str] = []
        client.meta.events.register("before-call.*.*", self._note)

    def _note(self, model: Any, **_: Any) -> None:
        self.calls.append(f"{model.service_model.service_name}:{model.name}")
