"""A value that is changed is what the standard library makes of it."""

import dataclasses
from functools import cached_property
from typing import Any

import pytest

from chalicelib.domain.board import Board, Client, Person, blank
from chalicelib.domain.parts import PartPlan
from chalicelib.domain.uploads import FileIdentity, Upload, new_upload
from chalicelib.domain.values import replace

ANA = Person("sub-ana", "ana")
FILE = FileIdentity("film", "film.mov", PartPlan(250, 100), bytes(96))
UPLOAD = new_upload(FILE, 1, ANA, "multipart-1", now=1_000)
CLIENT = Client(1, "ana-1", ANA, "laptop", joined_at=1, seen_at=2)
CHANGES: list[tuple[Any, dict[str, Any]]] = [
    (UPLOAD, {"version": 7, "reason": "so"}),
    (blank(FILE.plan, 3), {"known": 2}),
    (CLIENT, {"held": (1, 2), "seq": 4}),
]


@pytest.mark.parametrize(("value", "changes"), CHANGES)
def test_a_changed_value_is_a_new_one_that_differs_in_what_was_changed(
    value: Any, changes: dict[str, Any]
) -> None:
    before = dataclasses.astuple(value)
    changed = replace(value, **changes)
    assert changed == dataclasses.replace(value, **changes)
    assert changed != value
    assert dataclasses.astuple(value) == before


def test_a_changed_value_is_frozen_as_well() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        replace(CLIENT, seq=2).seq = 3  # type: ignore[misc]


@pytest.mark.parametrize("kind", [Upload, Board, Client])
def test_no_field_is_computed_once_and_copied_stale(kind: type) -> None:
    assert not [n for n, a in vars(kind).items() if isinstance(a, cached_property)]
