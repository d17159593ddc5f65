"""On a terminal: a line with a bar for each transfer; what happens is printed above."""

import rich.console
import rich.progress
from rich.text import Text

from manyhands import words
from manyhands.cli import progress_line
from manyhands.cli.display import LONGEST_NAME, Row
from manyhands.cli.sentences import told
from manyhands.cli.steps import Step, step
from manyhands.cli.views import shortened
from manyhands.events import Event


class BarScreen:
    """A line with a bar for each transfer; what happens is printed above."""

    def __init__(self, console: rich.console.Console) -> None:
        self._console = console
        self._progress = rich.progress.Progress(
            Line(),
            console=console,
            auto_refresh=False,
            transient=True,
        )

    def row(self, transfer: int, name: str) -> Row:
        self._progress.start()
        return BarRow(self._console, self._progress, name)

    def close(self) -> None:
        self._progress.stop()


class Line(rich.progress.ProgressColumn):
    """What the row has drawn; how it is laid out is ``progress_line``'s."""

    def render(self, task: rich.progress.Task) -> Text:
        drawn: Text = task.fields["drawn"]
        return drawn


class BarRow:
    def __init__(
        self, console: rich.console.Console, progress: rich.progress.Progress, name: str
    ) -> None:
        self._console, self._progress = console, progress
        self._name = words.harmless(name)
        self._prefix = f"{shortened(self._name, LONGEST_NAME)}: " if name else ""
        self._task = progress.add_task("", total=None, drawn=Text(f"{self._prefix}…"))
        self._moving = False

    def show(self, event: Event) -> None:
        found = step(event)
        if found and (found.speeds or not self._moving):
            self._moving = bool(found.speeds)
            self._draw(found)
        line = told(event)
        if line:
            self._console.print(f"{self._prefix}{line}", markup=False, highlight=False)

    def end(self) -> None:
        self._progress.remove_task(self._task)
        self._progress.refresh()

    def _draw(self, found: Step) -> None:
        drawn = progress_line.line(self._name, found, self._console.width)
        self._progress.update(self._task, drawn=drawn)
        self._progress.refresh()
