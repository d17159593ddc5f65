"""What may be tuned of a download, and when it stops believing.

A GET costs the storage nothing that others wait for, so there is no hand of tickets and no speed by
which to take them: only lanes. What the line or a busy storage spoils is tried until ``patience_s``
have passed without any part, for outages end. Other bytes than the manifest's do not get better by
asking often, and a URL that is refused when it is fresh is refused for good: both are tried only a
few times.
"""

from dataclasses import dataclass, field

from manyhands.engine.backoff import Backoff
from manyhands.engine.reach import TROUBLE_S


@dataclass(frozen=True, slots=True)
class Rules:
    """Seconds where the name ends so.

    ``connections``: the most lanes; ``first``: how many to begin with; ``fewest``: never fewer;
    ``wrongs``: wrong bytes of one part after which it ends; ``refusals``: URLs in a row that are
    refused, none having given a part, after which it ends; ``patience_s``: how long it goes on
    without any part; ``trouble_s``: as in ``reach``; ``renew_s``: how long before its end a URL is
    not used any more.
    """

    connections: int = 16
    first: int = 4
    fewest: int = 2
    wrongs: int = 4
    refusals: int = 4
    patience_s: float = 900.0
    trouble_s: float = TROUBLE_S
    renew_s: float = 30.0
    backoff: Backoff = field(default_factory=Backoff)
