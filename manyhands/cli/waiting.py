"""What is said to somebody who waits for the service, and how long that may last.

Who asked to look at something wants an answer or a reason, within a minute. A transfer has more
patience, because nobody sits before it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from manyhands import words
from manyhands.net import slowness
from manyhands.net.api import Patience

LOOKING = Patience(within_s=45.0)


def tell(host: str) -> None:
    """Written to what ``sys.stderr`` is now: while bars are drawn, that puts it above them."""
    sys.stderr.write(f"No answer yet from {words.harmless(host)}; trying again…\n")
    sys.stderr.flush()


@contextmanager
def answers_of(host: str) -> Iterator[None]:
    """If it takes long, that is said."""
    with slowness.told(lambda: tell(host)):
        yield
