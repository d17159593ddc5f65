"""Every message that the service sends is as docs/events.schema.json describes it, and no more."""

import json
from pathlib import Path
from typing import Any

import jsonschema

from chalicelib.ports import Announcement
from tests.fakes.topic import FakeTopic

DESCRIBED: Any = json.loads((Path(__file__).parents[1] / "docs" / "events.schema.json").read_text())
_validator = jsonschema.Draft202012Validator(DESCRIBED)


def check(body: Any) -> None:
    _validator.validate(body)
    assert set(body) == set(DESCRIBED["properties"])
    share = DESCRIBED["properties"]["shares"]["items"]["properties"]
    assert all(set(said) == set(share) for said in body["shares"])


class CheckedTopic(FakeTopic):
    """A fake that takes only what is described."""

    def publish(self, announcement: Announcement) -> None:
        check(json.loads(announcement.body))
        super().publish(announcement)
