"""Whatever happens, the invariants hold. A seed that fails is printed with its story, made small;
``python -m tests.simulation --seed N`` tells it again."""

import pytest

from tests.simulation.run import Figures, digest, run

SEEDS, CHUNKS = 20_000, 10
EACH = SEEDS // CHUNKS


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_whatever_happens_the_invariants_hold(chunk: int) -> None:
    figures = run(range(chunk * EACH, (chunk + 1) * EACH))
    print(figures)
    assert figures.stories == EACH


def test_the_same_seed_tells_the_same_story() -> None:
    assert [digest(seed) for seed in range(60)] == [digest(seed) for seed in range(60)]
    assert digest(1) != digest(2)
