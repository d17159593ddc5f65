"""This machine's clock."""

import random
import time


class SystemClock:
    """The port ``Clock``."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def pause(self, most_ms: int) -> None:
        time.sleep(random.uniform(0, most_ms) / 1000)
