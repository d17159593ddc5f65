"""Names from the service, made fit for this machine's disk."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manyhands.download.names import LONGEST, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("film.mov", "film.mov"),
        ("Überfahrt, Rohschnitt.mov", "Überfahrt, Rohschnitt.mov"),
        ("../../etc/passwd", "_._.._etc_passwd"),
        ("..", "_."),
        (".", "_"),
        ("", "_"),
        (".bashrc", "_bashrc"),
        ("a\0b\nc\x1b[2J", "a_b_c_[2J"),
        ("photo\u202egpj.exe", "photo_gpj.exe"),
        ("👩\u200d👧.jpg", "👩\u200d👧.jpg"),
        ("\ud800.mov", "_.mov"),
        ("C:\\a", "C:_a"),
        ("con.txt", "con.txt"),
    ],
)
def test_a_name_from_the_service_stays_in_its_folder(name: str, safe: str) -> None:
    assert safe_name(name, windows=False) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("con.txt", "_con.txt"),
        ("COM1", "_COM1"),
        ("lpt¹ .x", "_lpt¹ .x"),
        ("console.txt", "console.txt"),
        ('a<b>c:"d|e?f*', "a_b_c__d_e_f_"),
        ("trailing. . ", "trailing"),
        ("...", "_"),
    ],
)
def test_what_windows_reserves_is_replaced(name: str, safe: str) -> None:
    assert safe_name(name, windows=True) == safe


def test_a_name_that_is_too_long_keeps_its_ending() -> None:
    safe = safe_name("ü" * 200 + ".mov", windows=False)
    assert safe.endswith("ü.mov")
    assert LONGEST - 2 < len(safe.encode()) <= LONGEST


@given(st.text(max_size=300), st.booleans())
def test_every_name_becomes_one_that_the_disk_takes(name: str, windows: bool) -> None:
    safe = safe_name(name, windows=windows)
    assert safe
    assert Path(safe).name == safe
    assert safe not in (".", "..")
    assert len(safe.encode()) <= LONGEST
    assert safe_name(safe, windows=windows) == safe
