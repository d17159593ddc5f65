"""The meter, by Powertools for AWS Lambda: what a call of a function did, in one line.

What is counted is kept until the call ends and leaves as one line of the log, which CloudWatch
makes metrics of (embedded metric format): no call to AWS, no waiting, nothing that could fail an
upload. A call in which nothing happened writes none. The line goes by a logger of its own at INFO:
on Lambda that is the function's output as it stands (``logs``), elsewhere nothing is heard of it
unless somebody asks.

One dimension, the stage: each further one would be another metric to pay, and to alarm on. What the
call was about stands beside, to be searched for.

Kept here until then, as Powertools writes by itself to the standard output what has reached a
hundred values, and with ``flush_metrics`` all the rest: another line, and on one machine a line on
somebody's screen. Refused: its ``Metrics``, one for all threads; ``ColdStart`` of its own, which
comes in a line and with dimensions of its own.
"""

import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from aws_lambda_powertools.metrics import EphemeralMetrics

from chalicelib.adapters.logs import METRICS, keys
from chalicelib.ports import Metric

NAMESPACE = "Manyhands"
UNITS = {Metric.BYTES_STORED: "Bytes", Metric.ASSEMBLY_SECONDS: "Seconds"}
SEVERAL = frozenset({Metric.ASSEMBLY_SECONDS})
"""Told one by one, because their sum says nothing."""

MOST_VALUES = 99
"""At one more Powertools would not wait for the rest of the line."""

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
            _log.info("%s", line(tally, stage))


def line(tally: Tally, stage: str) -> str:
    """One object, whose ``_aws`` says which of its members are metrics."""
    # Without the empty service its name would be a dimension as well.
    namespace = os.environ.get("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE)
    metrics = EphemeralMetrics(namespace=namespace, service="")
    metrics.add_dimension("stage", stage)
    for key, said in keys().items():
        metrics.add_metadata(key, said)
    for metric, values in tally.items():
        for value in _told(metric, values):
            metrics.add_metric(metric.value, UNITS.get(metric, "Count"), value)
    return json.dumps(metrics.serialize_metric_set(), separators=(",", ":"))


def _told(metric: Metric, values: list[float]) -> list[float]:
    return values[:MOST_VALUES] if metric in SEVERAL else [sum(values)]
