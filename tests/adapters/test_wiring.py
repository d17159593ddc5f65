"""How patient the clients are that the composition root makes."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from botocore.config import Config

from chalicelib import wiring
from chalicelib.adapters.cognito import CognitoPeople
from chalicelib.adapters.eventbridge import EventBus
from chalicelib.adapters.ses import SesMailer
from chalicelib.adapters.sns import SnsTopic
from chalicelib.service.notifying import Post
from local.strict.gate import KEY, SECRET

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": KEY,
    "AWS_SECRET_ACCESS_KEY": SECRET,
    "AWS_REGION": "eu-central-1",
    "TABLE": "table",
    "BUCKET": "bucket",
    "TOPIC": "topic",
    "POOL_ID": "pool",
    "CLIENT_IDS": "client",
    "MAIL_FROM": "files@example.org",
    "PAGE_URL": "https://up.example.org",
    "EVENT_BUS": "default",
}


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    wiring.settings.cache_clear()
    wiring.post.cache_clear()
    yield wiring.post()
    wiring.settings.cache_clear()
    wiring.post.cache_clear()


def test_who_tells_people_waits_briefly_for_each_of_four_services(post: Post) -> None:
    assert isinstance(post.topic, SnsTopic)
    assert isinstance(post.bus, EventBus)
    assert isinstance(post.mailer, SesMailer)
    assert isinstance(post.people, CognitoPeople)
    for adapter in (post.topic, post.bus, post.mailer, post.people):
        config: Config = adapter._client.meta.config
        assert (config.connect_timeout, config.read_timeout) == (3, 10)  # type: ignore[attr-defined]
        assert config.retries["total_max_attempts"] == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(("handler", "made"), [("app.app", 1), ("app.notify", 0), ("", 0)])
def test_the_apis_function_makes_its_clients_while_it_starts(handler: str, made: int) -> None:
    """And no other: an event's may never come to need them."""
    ran = subprocess.run(
        [sys.executable, "-c", "import app; print(app.wiring._core.cache_info().currsize)"],
        env=ENVIRONMENT | {"_HANDLER": handler},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(ran.stdout) == made
