"""Conversion between protobuf structs and plain values."""

from __future__ import annotations

from google.protobuf import struct_pb2

from tierup.pulumi_protocol import SECRET, SIGNATURE, UNKNOWN_STRING
from tierup.sandbox.behaviour import UNKNOWN
from tierup.sandbox.wire import plain, struct


def test_plain_values_survive_a_round_trip() -> None:
    values = {"a": "x", "b": 5, "c": 1.5, "d": True, "e": ["y", {"f": []}], "g": {}}
    assert plain(struct(values)) == (values, frozenset())


def test_whole_numbers_become_integers() -> None:
    opened, _ = plain(struct({"port": 443}))
    assert isinstance(opened["port"], int)


def test_secret_properties_are_decrypted_and_listed() -> None:
    sent = struct({"password": "hunter2", "nested": {"deep": "x"}}, secrets=("password",))
    assert sent.fields["password"].struct_value.fields[SIGNATURE].string_value == SECRET
    assert plain(sent) == ({"password": "hunter2", "nested": {"deep": "x"}}, frozenset({"password"}))


def test_nested_secret_marks_its_top_level_property() -> None:
    inner = struct_pb2.Struct()
    inner.update({SIGNATURE: SECRET, "value": "hunter2"})
    outer = struct_pb2.Struct()
    outer.fields["environment"].struct_value.fields["TOKEN"].struct_value.CopyFrom(inner)
    assert plain(outer) == ({"environment": {"TOKEN": "hunter2"}}, frozenset({"environment"}))


def test_unknown_values_survive_a_round_trip() -> None:
    sent = struct({"vpcId": UNKNOWN, "list": [UNKNOWN]})
    assert sent.fields["vpcId"].string_value == UNKNOWN_STRING
    opened, _ = plain(sent)
    assert opened["vpcId"] is UNKNOWN
    assert opened["list"][0] is UNKNOWN


def test_nulls_and_engine_keys_are_omitted() -> None:
    sent = struct_pb2.Struct()
    sent.update({"a": None, "__defaults": [], "b": {"c": None, "__defaults": []}})
    assert plain(sent) == ({"b": {}}, frozenset())
