"""Which page of the manifest to put next: in order, one at a time, only the owner's devices.

Pages that are known already are put all the same, and the service compares them. The owner may hold
two versions of a file that begin alike; were the known pages skipped, the second device would add
its later pages to the first one's, and the manifest would be of neither file. Only once the
manifest is whole there is nothing to add, and so nothing to prove. Whatever is a surprise leads
back to the first page, for nothing of before is proven then: the board lacks a page that was put,
or knows less than it did, because the upload was begun anew, perhaps with another version.

Whose upload it is may change, too: it may be cancelled and begun anew by another device between two
exchanges. So whoever is not the owner tries once a minute while the manifest lacks pages; else its
owner could have devices at work, and none of them would know that the pages are theirs to put.
"""

from manyhands.parts import PartPlan

AGAIN_S = 5.0
ANEW_S = 60.0
LESS = 3
"""An answer may be older than the last page; so many of them in a row are not."""


class Pager:
    """``known``: parts whose digest the board knows; ``yours``: whether the caller is the owner."""

    def __init__(self, plan: PartPlan, known: int, *, yours: bool) -> None:
        self._plan = plan
        self._next = self._less = 0
        self._under_way = False
        self._not_before: float | None = float("-inf") if yours else None
        self.learn(known)

    def learn(self, known: int) -> None:
        """The board knows so many parts."""
        put = self._plan.known_after(self._next)
        self._less = self._less + 1 if known < put else 0
        if known >= self._plan.count:
            self._next = self._plan.pages
        elif self._less >= LESS:
            self.begin_anew()

    def due(self, now: float) -> int | None:
        """The page to put as soon as it is hashed, None if there is nothing to put now."""
        if self._not_before is None:
            self._not_before = now + ANEW_S
        ready = not self._under_way and now >= self._not_before
        return self._next if ready and self._next < self._plan.pages else None

    def began(self) -> None:
        self._under_way = True

    def went_well(self, page: int) -> None:
        self._under_way, self._not_before = False, float("-inf")
        if page == self._next:
            self._next += 1

    def failed(self, now: float) -> None:
        self._under_way, self._not_before = False, now + AGAIN_S

    def not_ours(self) -> None:
        """The upload is another person's."""
        self._under_way, self._not_before = False, None
        self.begin_anew()

    def out_of_order(self) -> None:
        """The board lacks a page before the one that was put."""
        self._under_way = False
        self.begin_anew()

    def begin_anew(self) -> None:
        """The board is not what it was."""
        self._next = self._less = 0
