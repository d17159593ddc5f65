"""The meter, by CloudWatch's embedded metric format: what a call of a function did, in one line.

What is counted is kept until the call ends and leaves as one line of the log, which CloudWatch
makes metrics of: no call to AWS, no waiting, nothing that could fail an upload. A call in which
nothing happened writes none. The line goes by a logger of its own at INFO: on Lambda that is the
function's output as it stands (``logs``), elsewhere nothing is heard of it unless somebody asks.

One dimension, the stage: each further one would be another metric to pay, and to alarm on. What the
call was about stands beside, to be searched for.

Refused: Powertools for AWS Lambda, for its weight (``logs``).

Source: CloudWatch Logs User Guide, "Embedded metric format specification".
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import msgspec

from chalicelib.adapters.logs import METRICS, keys
from chalicelib.ports import Metric

NAMESPACE = "Manyhands"
UNITS = {Metric.BYTES_STORED: "Bytes", Metric.ASSEMBLY_SECONDS: "Seconds"}
SEVERAL = frozenset({Metric.ASSEMBLY_SECONDS})
"""Told one by one, because their sum says nothing; a line takes no more than 100 of them."""

MOST_VALUES = 100

Tally = dict[Metric, list[float]]
_tally: ContextVar[Tally | None] = ContextVar("tally", default=None)
_log = logging.getLogger(METRICS)


class EmfMeter:
    """The port ``Meter``. Counts for the call that this thread is in; outside of one, nothing."""

    def count(self, metric: Metric, value: float = 1) -> None:
        tally = _tally.get()
        if tally is not None:
            tally.setdefault(metric, []).append(value)


@contextmanager
def told(stage: str) -> Iterator[None]:
    """What is counted in here leaves in one line at its end, however it ends."""
    tally: Tally = {}
    outer = _tally.set(tally)
    try:
        yield
    finally:
        _tally.reset(outer)
        if tally:
            _log.info("%s", line(tally, stage, time.time_ns() // 1_000_000))


def line(tally: Tally, stage: str, now_ms: int) -> str:
    """One object, whose ``_aws`` says which of its members are metrics."""
    metrics = [{"Name": m.value, "Unit": UNITS.get(m, "Count")} for m in tally]
    described = {"Namespace": NAMESPACE, "Dimensions": [["stage"]], "Metrics": metrics}
    said = {"_aws": {"Timestamp": now_ms, "CloudWatchMetrics": [described]}, **keys()}
    values = {m.value: _value(m, v) for m, v in tally.items()}
    return msgspec.json.encode(said | {"stage": stage} | values).decode()


def _value(metric: Metric, values: list[float]) -> list[float] | float:
    return values[:MOST_VALUES] if metric in SEVERAL else sum(values)
