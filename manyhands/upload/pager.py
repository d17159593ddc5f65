"""Which page of the manifest to put next: in order, one at a time, only the owner's devices.

Pages that are known already are put all the same, and the service compares them. The owner may hold
two versions of a file that begin alike; were the known pages skipped, the second device would add
its later pages to the first one's, and the manifest would be of neither file. Only once the
manifest is whole there is nothing to add, and so nothing to prove. The first page is proven by the
call that creates or joins: the upload's id follows from it. What was proven holds as long as the
upload is the one that was joined; a page for another is refused.
"""

from manyhands.parts import PartPlan

AGAIN_S = 5.0


class Pager:
    """``known``: parts whose digest the board knows; ``yours``: whether the caller is the owner.

    ``proven``: pages that are compared already.
    """

    def __init__(self, plan: PartPlan, known: int, *, yours: bool, proven: int = 0) -> None:
        self._plan, self._yours = plan, yours
        self._next = proven
        self._under_way = False
        self._not_before = float("-inf")
        self.learn(known)

    def learn(self, known: int) -> None:
        """The board knows so many parts."""
        if known >= self._plan.count:
            self._next = self._plan.pages

    def due(self, now: float) -> int | None:
        """The page to put as soon as it is hashed, None if there is nothing to put now."""
        ready = self._yours and not self._under_way and now >= self._not_before
        return self._next if ready and self._next < self._plan.pages else None

    def began(self) -> None:
        self._under_way = True

    def went_well(self) -> None:
        self._under_way = False
        self._next += 1

    def failed(self, now: float) -> None:
        self._under_way, self._not_before = False, now + AGAIN_S
