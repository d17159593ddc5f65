"""What the adapters do with DynamoDB beyond the contract: which calls, which errors."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from chalicelib.adapters import dynamodb
from chalicelib.adapters.dynamodb import DynamoManifests, DynamoUploads
from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.lifetime import Lifetime
from chalicelib.ports import Beaten
from tests.adapters.cloud import Cloud
from tests.adapters.recorder import Recorder
from tests.contracts.samples import NOW, an_upload

PAGE = b"d" * 32 * 128


class Bench:
    """Both adapters on a table of their own, with the client's calls on record."""

    def __init__(self, cloud: Cloud) -> None:
        self.client = cloud.client("dynamodb")
        self.recorder = Recorder(self.client)
        self.table = cloud.fresh_table()
        self.uploads = DynamoUploads(self.client, self.table, Lifetime())
        self.manifests = DynamoManifests(self.client, self.table)

    def calls(self, do: Callable[[], object]) -> list[str]:
        """The calls made by ``do``, without the service's name."""
        self.recorder.calls.clear()
        do()
        return [call.removeprefix("dynamodb:") for call in self.recorder.calls]

    def on(self, event: str, operation: str, do: Callable[..., Any]) -> None:
        self.client.meta.events.register(f"{event}.dynamodb.{operation}", do)


@pytest.fixture
def bench(cloud: Cloud) -> Bench:
    return Bench(cloud)


def test_an_exchange_is_one_read_and_one_write(bench: Bench) -> None:
    id = bench.uploads.add(an_upload()).id

    def exchange() -> None:
        found = bench.uploads.get(id)
        assert found is not None
        bench.uploads.save(found)

    assert bench.calls(exchange) == ["GetItem", "PutItem"]


def test_losing_a_race_costs_one_write_and_no_read(bench: Bench) -> None:
    added = bench.uploads.add(an_upload())
    bench.uploads.save(added)

    def lose() -> None:
        with pytest.raises(Beaten):
            bench.uploads.save(added)

    assert bench.calls(lose) == ["PutItem"]


def test_a_list_is_one_query_and_one_batch(bench: Bench) -> None:
    for n in range(9):
        bench.uploads.add(an_upload(at=NOW + n))
    calls = bench.calls(lambda: bench.uploads.in_group("film", None, 5))
    assert calls == ["Query", "BatchGetItem"]


def test_putting_a_page_is_one_write_whoever_was_first(bench: Bench) -> None:
    for _ in range(2):
        assert bench.calls(lambda: bench.manifests.put("a", 1, 0, PAGE)) == ["PutItem"]


def test_a_whole_manifest_is_one_query_for_each_mebibyte(bench: Bench) -> None:
    for page in range(79):
        bench.manifests.put("a", 1, page, PAGE)
    assert bench.calls(lambda: bench.manifests.whole("a", 1)) == ["Query"]


def test_removing_a_manifest_deletes_by_25(bench: Bench) -> None:
    for page in range(60):
        bench.manifests.put("a", 1, page, PAGE)
    calls = bench.calls(lambda: bench.manifests.remove("a", 1))
    assert calls == ["Query"] + ["BatchWriteItem"] * 3


def test_a_write_that_is_sent_again_after_a_lost_answer_has_won(bench: Bench) -> None:
    """What the SDK does when a connection breaks after DynamoDB has taken the write."""
    added = bench.uploads.add(an_upload())
    _repeat_writes(bench)
    saved = bench.uploads.save(added)
    assert bench.uploads.get(added.id) == saved
    assert saved.version == 2


def test_adding_that_is_sent_again_after_a_lost_answer_has_won(bench: Bench) -> None:
    _repeat_writes(bench)
    added = bench.uploads.add(an_upload())
    assert bench.uploads.get(added.id) == added


def test_what_a_batch_leaves_over_is_asked_for_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dynamodb, "PAUSE_S", 0)
    added = [bench.uploads.add(an_upload(at=NOW + n)) for n in range(5)]
    bench.on("after-call", "BatchGetItem", _leave_over(bench.table))
    page = bench.uploads.in_group("film", None, 9)
    assert list(page.uploads) == added[::-1]


def test_a_batch_that_never_ends_is_given_up(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamodb, "PAUSE_S", 0)
    bench.uploads.add(an_upload())
    bench.manifests.put("a", 1, 0, PAGE)
    bench.on("before-call", "BatchGetItem", _nothing("UnprocessedKeys", bench.table))
    bench.on("before-call", "BatchWriteItem", _nothing("UnprocessedItems", bench.table))
    with pytest.raises(StorageUnavailable):
        bench.uploads.in_group("film", None, 9)
    with pytest.raises(StorageUnavailable):
        bench.manifests.remove("a", 1)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "ProvisionedThroughputExceededException"),
        (400, "ThrottlingException"),
        (400, "RequestLimitExceeded"),
        (429, "Whatever"),
        (500, "InternalServerError"),
        (503, "ServiceUnavailable"),
    ],
)
def test_what_may_pass_is_unavailable_with_its_cause(bench: Bench, status: int, code: str) -> None:
    _answer_always(bench, status, code)
    with pytest.raises(StorageUnavailable) as raised:
        bench.uploads.get("a")
    assert isinstance(raised.value.__cause__, ClientError)


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException"])
def test_what_will_not_pass_is_let_through(bench: Bench, code: str) -> None:
    _answer_always(bench, 400, code)
    with pytest.raises(ClientError):
        bench.uploads.get("a")


@pytest.mark.parametrize("error", [EndpointConnectionError, ReadTimeoutError])
def test_no_answer_at_all_is_unavailable(bench: Bench, error: type[Any]) -> None:
    def fail(**_: object) -> None:
        raise error(endpoint_url="http://nowhere")

    bench.on("before-call", "*", fail)
    with pytest.raises(StorageUnavailable) as raised:
        bench.uploads.save(replace(an_upload(), version=1))
    assert isinstance(raised.value.__cause__, error)


def _repeat_writes(bench: Bench) -> None:
    """Send each write once beforehand, as it is, and lose the answer."""
    sending: list[Any] = []

    def twice(request: Any, **_: object) -> None:
        if not sending:
            sending.append(request)
            bench.client._endpoint.http_session.send(request)

    bench.on("before-send", "PutItem", twice)


def _leave_over(table: str) -> Callable[..., None]:
    """Answer one item of a batch and leave the others over."""

    def leave(parsed: dict[str, Any], **_: object) -> None:
        items = parsed["Responses"][table]
        parsed["Responses"][table] = items[:1]
        keys = [{k: item[k] for k in ("pk", "sk")} for item in items[1:]]
        parsed["UnprocessedKeys"] = {table: {"Keys": keys}} if keys else {}

    return leave


def _nothing(left: str, table: str) -> Callable[..., Any]:
    """Answer that nothing of a batch was done."""

    def leave(**_: object) -> Any:
        over = {"Keys": [{}]} if left == "UnprocessedKeys" else [{}]
        return SimpleNamespace(status_code=200), {"Responses": {}, left: {table: over}}

    return leave


def _answer_always(bench: Bench, status: int, code: str) -> None:
    def answer(**_: object) -> Any:
        parsed = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
        return SimpleNamespace(status_code=status), parsed

    bench.on("before-call", "*", answer)
