import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import NameNotUsable
from chalicelib.domain.names import attachment, file_name, label, suggestion

GOOD = ["a", "Ferienfilm 2024.mov", "файл.txt", "文件.zip", "قائمة.pdf", "👩‍👩‍👧.png", "x" * 255,
        ".bashrc", "...", "50% off; \"now\".txt", "<script>.html", "-rf", "CON"]  # fmt: skip

BAD = {
    "../../etc/passwd": ".._.._etc_passwd",
    "C:\\temp\\a.txt": "C:_temp_a.txt",
    "two\nlines.txt": "two_lines.txt",
    "invoice\u202etxt.exe": "invoice_txt.exe",
    "nul\0.bin": "nul_.bin",
    " spaced ": "spaced",
    "": "unnamed",
    ".": "unnamed",
    "..": "unnamed",
    "x" * 400 + ".jpeg": "x" * 250 + ".jpeg",
    "é" * 200: "é" * 127,
}


@pytest.mark.parametrize("name", GOOD)
def test_names_of_any_script_are_kept(name: str) -> None:
    assert file_name(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize("name", BAD)
def test_names_that_a_device_could_not_store_are_refused_with_a_better_one(name: str) -> None:
    with pytest.raises(NameNotUsable) as refused:
        file_name(name)
    assert refused.value.details["suggestion"] == BAD[name]
    assert file_name(BAD[name]) == BAD[name]


@given(st.text(max_size=400))
def test_every_suggestion_is_usable(name: str) -> None:
    better = suggestion(name)
    assert file_name(better) == better
    assert 0 < len(better.encode()) <= 255


def test_the_same_name_composed_or_not_is_the_same_name() -> None:
    assert file_name("e\u0301.txt") == "é.txt"


@given(st.text(max_size=300).map(suggestion))
def test_the_download_header_is_one_line_of_ascii(name: str) -> None:
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2


def test_the_download_header_carries_the_name_in_every_script() -> None:
    assert attachment('a"б.txt') == (
        "attachment; filename=\"a__.txt\"; filename*=UTF-8''a%22%D0%B1.txt"
    )


def test_a_label_is_mended_and_never_refused() -> None:
    assert label("Firefox\u202e on\x1b[31m Pixel\n") == "Firefox on[31m Pixel"
    assert label("\n") == "unnamed device"
    assert len(label("x" * 1000)) == 64
