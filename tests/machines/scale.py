"""How much the machines are run.

Usually a few seconds of each, and every time the same stories, so that a change is what breaks
them and not the day. `HYPOTHESIS_PROFILE=soak` tells new stories, longer and forty times as many;
the tests then bear the mark `soak`, and a failure prints what repeats it:

    HYPOTHESIS_PROFILE=soak pytest tests/machines -m soak
"""

import os

from hypothesis import HealthCheck, settings

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
TIMES = 40
TIMEOUT_S = 3_600 if SOAK else 600
"""A failure is shrunk for five minutes at most."""


def scale(examples: int, steps: int = 50) -> settings:
    """So many stories of at most so many steps. Deadlines are refused: a test is not a clock."""
    return settings(
        max_examples=examples * (TIMES if SOAK else 1),
        stateful_step_count=steps * (2 if SOAK else 1),
        derandomize=not SOAK,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
