"""Profiles: which one counts, and where it leads."""

import subprocess
import sys
from pathlib import Path

import pytest

from manyhands.account.profiles import Profiles, address, chosen, command
from manyhands.errors import BadAddress, BadProfile, NoSuchProfile, StoreUnusable

HOME, WORK = "https://home.example/", "https://work.example/up/"


@pytest.fixture
def profiles(tmp_path: Path) -> Profiles:
    made = Profiles(tmp_path / "deep" / "home")
    made.set("default", HOME)
    made.set("work", WORK)
    return made


def test_a_profile_is_chosen_by_option_then_environment_then_default() -> None:
    assert chosen("work", {"MANYHANDS_PROFILE": "lab"}) == "work"
    assert chosen("", {"MANYHANDS_PROFILE": "lab"}) == "lab"
    assert chosen("", {"MANYHANDS_PROFILE": ""}) == "default"


@pytest.mark.parametrize("bad", ["Work", "../x", "a/b", ".hidden", "a b", "x" * 65, "a]", "ü"])
def test_a_name_that_could_not_be_a_file_is_refused(bad: str) -> None:
    with pytest.raises(BadProfile):
        chosen(bad, {})


def test_each_profile_has_its_address(profiles: Profiles) -> None:
    assert profiles.all() == {"default": HOME, "work": WORK}
    assert profiles.url("work", {}) == WORK
    profiles.set("work", HOME)
    assert profiles.all() == {"default": HOME, "work": HOME}


def test_the_environment_replaces_the_address_and_writes_nothing(profiles: Profiles) -> None:
    other = {"MANYHANDS_URL": "other.example"}
    for name in ("default", "work", "new"):
        assert profiles.url(name, other) == "https://other.example/"
    assert profiles.all() == {"default": HOME, "work": WORK}
    with pytest.raises(BadAddress):
        profiles.url("default", {"MANYHANDS_URL": "ftp://x"})


def test_a_profile_that_is_not_there_says_which_are(profiles: Profiles, tmp_path: Path) -> None:
    with pytest.raises(NoSuchProfile, match=r"«lab».*--profile lab.*default, work"):
        profiles.url("lab", {})
    assert Profiles(tmp_path / "nowhere").url("default", {}) == ""


def test_what_a_person_wrote_is_read_and_stays(tmp_path: Path) -> None:
    file = tmp_path / "config.ini"
    file.write_text(
        "[profile work]\nurl = work.example/%20up\nnote = 100 % mine %(x)s\n\n[other]\nx = 1\n"
    )
    profiles = Profiles(tmp_path)
    assert profiles.url("work", {}) == "https://work.example/%20up/"
    profiles.set("default", HOME)
    assert "note = 100 % mine %(x)s" in file.read_text()
    assert "[other]" in file.read_text()
    assert profiles.all() == {"work": "work.example/%20up", "default": HOME}


@pytest.mark.parametrize(
    "damaged",
    [
        b"url = x\n",
        b"[profile work\n",
        b"[profile a]\n[profile a]\n",
        b"[profile a]\nurl \xff",
        b"[",
    ],
)
def test_a_damaged_file_is_told_and_never_written_over(tmp_path: Path, damaged: bytes) -> None:
    file = tmp_path / "config.ini"
    file.write_bytes(damaged)
    with pytest.raises(StoreUnusable, match="mend it"):
        Profiles(tmp_path).url("default", {})
    with pytest.raises(StoreUnusable):
        Profiles(tmp_path).set("default", HOME)
    assert file.read_bytes() == damaged


def test_an_address_in_the_file_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.ini").write_text("[profile work]\nurl = ftp://x\n")
    with pytest.raises(BadAddress):
        Profiles(tmp_path).url("work", {})


SET = """
import sys
from pathlib import Path
from manyhands.account.profiles import Profiles
for n in range(10):
    Profiles(Path(sys.argv[1])).set(f"{sys.argv[2]}{n}", "https://a.example/")
"""


def test_processes_that_configure_at_once_lose_nothing(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", SET, str(tmp_path), name]) for name in "abc"
    ]
    assert [process.wait(20) for process in processes] == [0, 0, 0]
    assert len(Profiles(tmp_path).all()) == 30


def test_an_address_is_completed() -> None:
    assert address("example.org") == "https://example.org/"
    assert address("http://localhost:8000/") == "http://localhost:8000/"
    for bad in (
        "",
        "ftp://example.org",
        "https://",
        "https://a/?q=1",
        "a#b",
        "https://a:x",
        "[::1",
    ):
        with pytest.raises(BadAddress):
            address(bad)


def test_what_to_type_names_the_profile_only_if_it_must() -> None:
    assert command("default", "login") == "manyhands login"
    assert command("work", "login") == "manyhands --profile work login"
