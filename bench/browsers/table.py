"""The tables of one browser: how fast, and at what cost; each figure beside its ratio to ours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from statistics import median

from bench.browsers.contestants import Contestant
from bench.browsers.watching import Cost
from bench.report import where

MB = 1_000_000


class Scene(Enum):
    """What is measured; the value is what it is called."""

    FAST = "unlimited"
    SLOW = "100 Mbit/s"
    LATE = "50 ms"
    SMALL = "peak, 200 MB"
    LARGE = "peak, 2,000 MB"
    FIRST = "first bytes of 50 GB"


@dataclass(frozen=True, slots=True)
class Sample:
    """One upload; ``error`` is "" if it went well, and then the other figures count."""

    name: str
    scene: Scene
    size: int
    seconds: float
    cost: Cost
    error: str = ""


Figure = Callable[[Sample], float]


@dataclass(frozen=True, slots=True)
class Column:
    """``form`` of the figure. The worst of the samples counts if ``peak``, or else the median."""

    title: str
    scene: Scene
    figure: Figure
    form: str
    peak: bool = False

    def of(self, name: str, samples: Sequence[Sample]) -> float | None:
        """None without a sample that went well."""
        its = [s for s in samples if (s.name, s.scene) == (name, self.scene) and not s.error]
        figures = [self.figure(sample) for sample in its]
        if not figures:
            return None
        return max(figures) if self.peak else median(figures)


def _speed(sample: Sample) -> float:
    return sample.size / sample.seconds / MB


def _memory(sample: Sample) -> float:
    return sample.cost.memory / MB


def _per_gb(seconds: Callable[[Cost], float]) -> Figure:
    return lambda sample: seconds(sample.cost) / (sample.size / MB / 1000)


SPEEDS = tuple(
    Column(f"{scene.value}, MB/s", scene, _speed, ".1f")
    for scene in (Scene.FAST, Scene.SLOW, Scene.LATE)
)
COSTS = (
    Column("main thread, s/GB", Scene.FAST, _per_gb(lambda cost: cost.main_s), ".2f"),
    Column("CPU of the tab, s/GB", Scene.FAST, _per_gb(lambda cost: cost.cpu_s), ".2f"),
    Column("CPU of Chromium, s/GB", Scene.FAST, _per_gb(lambda cost: cost.all_s), ".2f"),
    *(
        Column(f"{scene.value}, MB", scene, _memory, ".0f", peak=True)
        for scene in (Scene.SMALL, Scene.LARGE)
    ),
    Column(f"{Scene.FIRST.value}, s", Scene.FIRST, lambda sample: sample.seconds, ".2f"),
)


def report(contestants: Sequence[Contestant], samples: Sequence[Sample], load: float) -> str:
    """``load``: how many processes wanted a core before all began. The first contestant is us."""
    about = f"{where()}. {_sizes(samples)} Before it, {load:.1f} processes wanted a core."
    tables = [_table(columns, contestants, samples) for columns in (SPEEDS, COSTS)]
    failed = [f"{s.name}, {s.scene.value}: {s.error}." for s in samples if s.error]
    return "\n\n".join([about, *tables, *failed])


def _sizes(samples: Sequence[Sample]) -> str:
    scenes = [column.scene for column in SPEEDS]
    sizes = {s.scene: s.size for s in samples}
    counts = {scene: sum(s.scene is scene for s in samples) for scene in scenes}
    rounds = {scene: counts[scene] // len({s.name for s in samples}) for scene in scenes}
    told = [
        f"{scene.value} {sizes[scene] / MB:,.0f} MB ({rounds[scene]} rounds)"
        for scene in scenes
        if scene in sizes
    ]
    return f"Files: {', '.join(told)}."


def _table(
    columns: Sequence[Column], contestants: Sequence[Contestant], samples: Sequence[Sample]
) -> str:
    titles = " | ".join(column.title for column in columns)
    head = f"| page | settings | {titles} |\n|---|---|{'--:|' * len(columns)}"
    rows = [
        f"| {one.name} | {one.how} | {' | '.join(_cells(columns, contestants, one, samples))} |"
        for one in contestants
    ]
    return "\n".join([head, *rows])


def _cells(
    columns: Sequence[Column],
    contestants: Sequence[Contestant],
    one: Contestant,
    samples: Sequence[Sample],
) -> list[str]:
    return [
        _cell(column, column.of(one.name, samples), column.of(contestants[0].name, samples))
        for column in columns
    ]


def _cell(column: Column, figure: float | None, ours: float | None) -> str:
    if figure is None:
        return "–"
    ratio = f" ({figure / ours:.2f})" if ours else ""
    return f"{figure:{column.form}}{ratio}"
