"""A meter that adds up."""

from collections import Counter

from chalicelib.ports import Metric


class FakeMeter:
    """The port ``Meter``."""

    def __init__(self) -> None:
        self.counted: Counter[Metric] = Counter()
        self.said: set[Metric] = set()

    def count(self, metric: Metric, value: float = 1) -> None:
        self.said.add(metric)
        self.counted[metric] += value  # type: ignore[assignment]  # seconds are no whole numbers
