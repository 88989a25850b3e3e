"""Values on their way between engine and sandbox."""

from __future__ import annotations

from google.protobuf import struct_pb2

from tierup.sandbox.behaviour import UNKNOWN
from tierup.sandbox.wire import SECRET, SIGNATURE, UNKNOWN_TEXT, plain, struct


def test_plain_values_come_through_as_they_went() -> None:
    values = {"a": "x", "b": 5, "c": 1.5, "d": True, "e": ["y", {"f": []}], "g": {}}
    assert plain(struct(values)) == (values, frozenset())


def test_whole_numbers_are_integers_again() -> None:
    opened, _ = plain(struct({"port": 443}))
    assert isinstance(opened["port"], int)


def test_secrets_are_opened_and_remembered() -> None:
    sent = struct({"password": "hush", "nested": {"deep": "x"}}, secrets=("password",))
    assert sent.fields["password"].struct_value.fields[SIGNATURE].string_value == SECRET
    assert plain(sent) == ({"password": "hush", "nested": {"deep": "x"}}, frozenset({"password"}))


def test_a_secret_deep_inside_marks_its_whole_property() -> None:
    inner = struct_pb2.Struct()
    inner.update({SIGNATURE: SECRET, "value": "hush"})
    outer = struct_pb2.Struct()
    outer.fields["environment"].struct_value.fields["TOKEN"].struct_value.CopyFrom(inner)
    assert plain(outer) == ({"environment": {"TOKEN": "hush"}}, frozenset({"environment"}))


def test_what_is_not_known_yet_is_unknown_in_both_directions() -> None:
    sent = struct({"vpcId": UNKNOWN, "list": [UNKNOWN]})
    assert sent.fields["vpcId"].string_value == UNKNOWN_TEXT
    opened, _ = plain(sent)
    assert opened["vpcId"] is UNKNOWN
    assert opened["list"][0] is UNKNOWN


def test_nulls_and_the_engines_own_keys_are_left_out() -> None:
    sent = struct_pb2.Struct()
    sent.update({"a": None, "__defaults": [], "b": {"c": None, "__defaults": []}})
    assert plain(sent) == ({"b": {}}, frozenset())
