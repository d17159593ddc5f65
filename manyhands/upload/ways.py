"""All clients of this process for one upload: the first, and a companion for each further way out.

The first is like any other device; the companions share its file, digests and limit. If the first
way gives up, what the others bring counts; if the person pauses, all finish their parts in flight.
"""

from collections.abc import Callable
from random import Random

import msgspec

from manyhands.engine.engine import Engine, Who
from manyhands.errors import OutOfReach, Paused
from manyhands.events import Event
from manyhands.inbox import Interrupted
from manyhands.net.api import Api
from manyhands.net.binding import ANY, Binding
from manyhands.net.transport import PoolTransport
from manyhands.upload.companion import Companion, PartsOnly, name_of, rates
from manyhands.upload.crew import Crew
from manyhands.upload.desk import Beside, Desk
from manyhands.upload.job import Job
from manyhands.upload.memory import Memory, next_seq
from manyhands.upload.opening import Opening
from manyhands.upload.tally import Tally
from manyhands.upload.work import Work
from manyhands.wire import Upload
from manyhands.words import valid

LAST_PARTS_S = 30.0


class Ways:
    """``api``: the service, by a way that answers. Made by the deciding thread."""

    def __init__(
        self,
        job: Job,
        api: Api,
        desk: Desk,
        opening: Opening,
        memory: Memory,
        listen: Callable[[Event], None],
        clock: Callable[[], float],
        rng: Random,
    ) -> None:
        self._job, self.api, self._desk, self._opening = job, api, desk, opening
        self._memory, self._listen, self._clock, self._rng = memory, listen, clock, rng
        self._companions: list[Companion] = []

    def until(self, upload: Upload, tally: Tally, ends: tuple[str, ...]) -> str:
        """The status in which it ended. Raises as ``Work.until`` does."""
        first, *others = self._job.bindings or (ANY,)
        self._companions = [self._companion(upload, binding) for binding in others]
        work = self._work(upload, tally, first)
        try:
            for companion in self._companions:
                companion.bring(ends)
            return work.until(*ends)
        except OutOfReach:
            return self._by_the_others()
        except Paused:
            self._wait_for_companions()
            raise
        finally:
            for companion in self._companions:
                companion.leave()

    def stop(self, signal_number: int) -> None:
        for companion in self._companions:
            companion.desk.put(Interrupted(signal_number))

    def rest(self) -> None:
        for companion in self._companions:
            companion.rest()

    def _wait_for_companions(self) -> None:
        """They finish their parts in flight too, and what they sent is told."""
        for companion in self._companions:
            companion.join(LAST_PARTS_S)
        while message := self._desk.take(0):
            if isinstance(message, Beside):
                self._listen(message.event)

    def _by_the_others(self) -> str:
        """The first way gave up. Raises OutOfReach if all do."""
        for companion in self._companions:
            companion.join()
            if companion.status:
                self.api = companion.api
                return companion.status
        raise OutOfReach("by none of the ways")

    def _companion(self, upload: Upload, binding: Binding) -> Companion:
        helping = msgspec.structs.replace(upload, yours=False)  # the first puts the pages

        def make(companion: Companion) -> Work:
            tally = Tally(self._opening.plan, helping, self._clock())
            return self._work(helping, tally, binding, companion)

        return Companion(binding, self.api.through(PoolTransport(binding)), self._desk, make)

    def _work(
        self, upload: Upload, tally: Tally, binding: Binding, companion: Companion | None = None
    ) -> Work:
        desk = companion.desk if companion else self._desk
        return Work(
            api=companion.api if companion else self.api,
            upload=upload,
            engine=self._engine(upload, binding, companion),
            crew=self._crew(desk, binding),
            desk=desk,
            digests=self._opening.digests,
            proven=0 if self._job.helps else 1,
            tally=tally,
            listen=companion.heard if companion else self._listen,
            memory=PartsOnly(self._memory) if companion else self._memory,
            beside=(lambda: (0, 0, 0)) if companion else (lambda: rates(self._companions)),
            trouble_s=self._job.rules.trouble_s,
            clock=self._clock,
        )

    def _engine(self, upload: Upload, binding: Binding, companion: Companion | None) -> Engine:
        who, limits = self._who(binding, companion, upload.generation), self._opening.limits
        return Engine(who, upload.part_size, limits.max_held, self._rng, self._job.rules)

    def _who(self, binding: Binding, companion: Companion | None, generation: int) -> Who:
        label, known = valid(self._job.label), self._opening.known
        client = name_of(known.client, binding) if companion else known.client
        if str(binding):
            label = f"{label} ({binding})"
        return Who(client, label, next_seq(known.seq), self._memory.unreported(client), generation)

    def _crew(self, desk: Desk, binding: Binding) -> Crew:
        job, opening = self._job, self._opening
        return Crew(
            job.rules.connections,
            job.path,
            opening.identity,
            opening.digests,
            job.limiter,
            desk.put,
            binding,
        )
