"""Changes between inputs, and which of them replace the resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tierup.sandbox.behaviour import UNKNOWN, Behaviour, Call, assumed
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.diff import Change, changes

ROW = Behaviour(type="x:y/z:Z", source=assumed("test"), replaces=frozenset({"name", "network.subnets"}))


def between(old: Mapping[str, Any], new: Mapping[str, Any], row: Behaviour | None = ROW) -> list[Change]:
    call = Call(type="x:y/z:Z", urn="urn", region="", account="1", inputs=new, cloud=Cloud(), seed="s", old=old)
    return changes(call, row)


def test_values_equal_after_conversion_are_no_change() -> None:
    assert between({"a": 1, "b": True, "c": [1, {"d": "x"}]}, {"a": "1", "b": "true", "c": [1, {"d": "x"}]}) == []


def test_changes_have_their_deepest_path() -> None:
    assert between({"a": [{"b": 1}], "lost": 1}, {"a": [{"b": 2}, {"b": 3}], "new": 1}) == [
        Change("a[0].b", "update", False),
        Change("a[1]", "add", False),
        Change("lost", "delete", False),
        Change("new", "add", False),
    ]


def test_replacing_input_replaces_with_its_nested_inputs() -> None:
    assert between({"name": "a"}, {"name": "b"}) == [Change("name", "update", True)]
    assert between({"network": {"subnets": ["a"], "dns": 1}}, {"network": {"subnets": ["b"], "dns": 2}}) == [
        Change("network.dns", "update", False),
        Change("network.subnets[0]", "update", True),
    ]


def test_block_replaces_as_a_whole_and_not_by_its_inputs() -> None:
    row = Behaviour(type="x:y/z:Z", source=assumed("test"), replaces_as_whole=frozenset({"network"}))
    assert between({"network": {"dns": 1}}, {"network": {"dns": 2}}, row) == [Change("network.dns", "update", False)]
    assert between({}, {"network": {"dns": 2}}, row) == [Change("network", "add", True)]


def test_unknown_value_of_a_replacing_input_replaces() -> None:
    assert between({"name": "a"}, {"name": UNKNOWN}) == [Change("name", "update", True)]


def test_type_without_a_row_is_updated_in_place() -> None:
    assert between({"name": "a"}, {"name": "b"}, None) == [Change("name", "update", False)]


def test_replaces_when_decides_by_old_and_new_inputs() -> None:
    row = Behaviour(
        type="x:y/z:Z",
        source=assumed("test"),
        replaces_when=lambda call: ["version"] if call.inputs["version"] < (call.old or {})["version"] else [],
    )
    assert not between({"version": 7}, {"version": 8}, row)[0].replaces
    assert between({"version": 8}, {"version": 7}, row)[0].replaces
