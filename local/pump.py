"""The pump: from the table's stream to the event Lambdas, as Lambda's own poller does it.

Each function has a pump of its own, with the filter, the number of retries and the dead-letter
queue that ``infra/resources.yaml`` gives it. It moves on only when the function has returned, or
its retries are used up and the record lies in the queue. A fresh iterator is asked for at every
poll, from the last sequence number: moto's iterators do not survive everything.

Source: AWS Lambda Developer Guide, "Using Lambda with Amazon DynamoDB".
"""

import base64
import datetime
import json
import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from local.stream_filter import matches

log = logging.getLogger(__name__)

POLL_S = 0.1
BACKOFF_S = 0.5


@dataclass(frozen=True, kw_only=True)
class Source:
    """One function's share of a stream. ``function`` takes an event as Lambda gives it."""

    name: str
    function: Callable[[dict[str, Any]], object]
    stream_arn: str
    patterns: Sequence[Mapping[str, Any]]
    retries: int
    failures_url: str


class Pump:
    """Polls until stopped. ``streams`` and ``queues`` are boto3 clients of dynamodbstreams, sqs."""

    def __init__(self, source: Source, streams: Any, queues: Any) -> None:
        self._source, self._streams, self._queues = source, streams, queues
        self._after: dict[str, str] = {}
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"pump-{source.name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stopped.wait(POLL_S):
            for shard, record in self._new_records():
                if any(matches(p, record) for p in self._source.patterns):
                    self._deliver(record)
                self._after[shard] = record["dynamodb"]["SequenceNumber"]

    def _new_records(self) -> Iterator[tuple[str, dict[str, Any]]]:
        stream = self._streams.describe_stream(StreamArn=self._source.stream_arn)
        for shard in stream["StreamDescription"]["Shards"]:
            id = shard["ShardId"]
            for record in self._streams.get_records(ShardIterator=self._iterator(id))["Records"]:
                yield id, as_lambda_gives_it(record, self._source.stream_arn)

    def _iterator(self, shard: str) -> str:
        start = (
            {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self._after[shard]}
            if shard in self._after
            else {"ShardIteratorType": "TRIM_HORIZON"}
        )
        answer = self._streams.get_shard_iterator(
            StreamArn=self._source.stream_arn, ShardId=shard, **start
        )
        return str(answer["ShardIterator"])

    def _deliver(self, record: dict[str, Any]) -> None:
        for attempt in range(self._source.retries + 1):
            try:
                self._source.function({"Records": [record]})
            except Exception:
                log.warning("%s failed, attempt %d", self._source.name, attempt + 1, exc_info=True)
                self._stopped.wait(BACKOFF_S * 2**attempt)
            else:
                return
        self._queues.send_message(
            QueueUrl=self._source.failures_url, MessageBody=json.dumps(record)
        )


def as_lambda_gives_it(record: Mapping[str, Any], stream_arn: str) -> dict[str, Any]:
    """The record as JSON: binaries in base64, the moment as a number, the source named."""
    plain: dict[str, Any] = json.loads(json.dumps(record, default=_plain))
    return plain | {"eventSourceARN": stream_arn}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.datetime):
        return value.timestamp()
    raise TypeError(f"{type(value)} in a stream record")
