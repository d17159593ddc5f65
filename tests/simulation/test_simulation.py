"""Whatever happens, the invariants hold. A seed that fails is printed with its story, made small;
``python -m tests.simulation --seed N`` tells it again."""

import pytest

from tests.invariants import Broken
from tests.simulation.acts import ACTS
from tests.simulation.device import LIFE_FAULTS
from tests.simulation.gates import PORT_FAULTS
from tests.simulation.line import LINE_FAULTS
from tests.simulation.run import digest, report, run, shrunk
from tests.simulation.sending import PUT_FAULTS
from tests.simulation.server import STREAM_FAULTS
from tests.simulation.tape import Tape
from tests.simulation.witness import LOOKS
from tests.simulation.world import played

SEEDS, CHUNKS = 21_000, 7
EACH = SEEDS // CHUNKS

BY_CHANCE = ("beaten", "lie", "hoard", "wrong bytes refused", "file differs", "mail", LOOKS)
EVERYTHING = {
    *(*PORT_FAULTS, *LINE_FAULTS, *PUT_FAULTS, *LIFE_FAULTS, *STREAM_FAULTS, *BY_CHANCE),
    *(act.__name__ for act in ACTS),
}
OFTEN = 3
"""In each chunk; so twenty times in all."""


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_whatever_happens_the_invariants_hold(chunk: int) -> None:
    figures = run(range(chunk * EACH, (chunk + 1) * EACH))
    print(figures)
    assert figures.stories == EACH
    assert {what for what in EVERYTHING if figures.seen[what] < OFTEN} == set()


def test_stories_are_not_trivial() -> None:
    figures = run(range(500))
    assert sorted(figures.exchanges)[250] >= 4
    assert sorted(figures.faults)[250] >= 4
    assert max(figures.parts) > 32, "manifests of three pages"


def test_the_same_seed_tells_the_same_story() -> None:
    assert [digest(seed) for seed in range(60)] == [digest(seed) for seed in range(60)]
    assert digest(1) != digest(2)


def test_what_matters_in_a_story_is_left_when_it_is_made_small() -> None:
    def dies(choices: bytes) -> bool:
        return bool(played(Tape(given=choices))[0].seen["dies before"])

    whole = next(t for t in map(_read, range(100)) if dies(t))
    small = shrunk(whole, dies)
    assert dies(small)
    assert sum(map(bool, small)) <= 3


def _read(seed: int) -> bytes:
    tape = Tape(seed)
    played(tape)
    return tape.read


def test_a_report_tells_the_seed_what_broke_and_the_story() -> None:
    lines = report(8, Broken("liveness", "as an example")).splitlines()
    assert lines[0].startswith("seed 8: Broken('liveness")
    assert any("create: " in line for line in lines)
