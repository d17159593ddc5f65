"""The command line, run in the test's own process."""

import json

import pytest

from manyhands.cli.main import main


class Command:
    """Runs a command and keeps what it printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str) -> int:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        self.out, self.err = self._capsys.readouterr()
        return int(ended.value.code or 0)

    @property
    def events(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]
