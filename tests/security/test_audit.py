"""The audit fails for what is known to be wrong, and says so when nothing could be asked."""

import json

import pytest

from tools.audit import Verdict, of_page, of_python, told

GOOD = {"name": "fine", "version": "1.0", "vulns": []}
BAD = {"name": "bad", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "own", "skip_reason": "Dependency not found"}


def python(*packages: object) -> Verdict:
    return of_python(json.dumps({"dependencies": packages, "fixes": []}))


def npm(total: int, **found: object) -> Verdict:
    counted = {"dependencies": {"total": total}, "vulnerabilities": {"total": len(found)}}
    return of_page(json.dumps({"vulnerabilities": found, "metadata": counted}))


def test_what_is_known_to_be_wrong_is_named() -> None:
    said = python(GOOD, BAD, SKIPPED)
    assert said.vulnerable == ("bad 1.0: PYSEC-1, mended in 1.1",)
    assert npm(9, esbuild={"severity": "high", "range": "<1"}).vulnerable == ("esbuild: high, <1",)


def test_only_what_is_known_to_be_wrong_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert (told([python(GOOD), npm(9)]), told([of_python(""), of_page("")])) == (0, 0)
    assert told([python(BAD), npm(9)]) == 1
    assert "PYSEC-1" in capsys.readouterr().out


def test_what_is_fine_is_counted() -> None:
    assert (python(GOOD, GOOD).lines, npm(9).lines) == (
        ["Python packages: 2 audited, no known vulnerability"],
        ["npm packages: 9 audited, no known vulnerability"],
    )
    assert "1 could not be asked for" in python(GOOD, SKIPPED).lines[0]


@pytest.mark.parametrize("report", ["", "<html>", "[]", "{}", '{"message": "405", "error": {}}'])
def test_an_answer_that_is_none_is_said_to_be_none_and_no_failure(report: str) -> None:
    for verdict in (of_python(report), of_page(report), python(SKIPPED)):
        assert "NOT audited" in verdict.lines[0]
        assert verdict.vulnerable == ()
