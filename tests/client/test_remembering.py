"""What a run writes down for the next one: what its engine counts as sent, and nothing else."""

from pathlib import Path
from random import Random

from manyhands.engine.happenings import Sent
from manyhands.events import Event, PartSent
from manyhands.net.limiter import Limiter
from manyhands.upload.memory import Forgetful
from manyhands.upload.runner import Job, Runner
from tests.client.fake_service import FakeService
from tests.client.runs import QUICK, api_of

LATE = 10


class Recording(Forgetful):
    def __init__(self) -> None:
        self.parts: list[int] = []

    def sent(self, client: str, part: int) -> None:
        self.parts.append(part)


def test_a_part_that_came_too_late_for_its_ticket_is_not_written_down_as_sent(
    service: FakeService, film: Path
) -> None:
    memory, told = Recording(), []

    def listen(event: Event) -> None:
        if isinstance(event, PartSent):
            told.append(event.part)
            if len(told) == 1:
                runner._desk.put(Sent(LATE))

    job = Job(path=film, label="a test", rules=QUICK, limiter=Limiter())
    runner = Runner(job, api_of(service, film.parent), listen, memory=memory, rng=Random(1))
    runner.run()
    assert told.count(LATE) == 2, "once before its ticket came, and once for it"
    assert sorted(memory.parts) == list(range(1, 11))
