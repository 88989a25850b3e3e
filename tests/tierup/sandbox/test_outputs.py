"""Names, ids and computed outputs."""

from __future__ import annotations

import re

import pytest

from tierup.sandbox import outputs
from tierup.sandbox.behaviour import UNKNOWN, Behaviour, Call, Name, assumed
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.sandbox.schema import schema

SOURCE = assumed("test")
ROW = Behaviour(
    type="aws:sns/topic:Topic",
    source=SOURCE,
    id="arn:aws:sns:{region}:{account}:{name}",
    outputs={"arn": "{id}", "owner": "{account}", "displayName": "{name} of {signatureVersion|1}"},
    derived={"beginningArchiveTime": lambda call: f"v{len(call.inputs.get('tags', {}))}"},
)


def call(**inputs: object) -> Call:
    return Call(
        type="aws:sns/topic:Topic", urn="urn:pulumi:s::p::aws:sns/topic:Topic::bell", region="eu-west-1", account="42",
        inputs={"name": "bell-1", **inputs}, cloud=Cloud(), seed="seed", default_tags={"Owner": "us"},
    )  # fmt: skip


def test_autoname_is_the_same_at_preview_and_up() -> None:
    name = Name(longest=32, source=SOURCE)
    first = outputs.automatic_name("api", name, b"seed")
    assert re.fullmatch(r"api-[0-9a-f]{7}", first)
    assert outputs.automatic_name("api", name, b"seed") == first
    assert outputs.automatic_name("api", name, b"other") != first
    assert outputs.automatic_name("api", name, b"") != outputs.automatic_name("api", name, b"")


def test_too_long_autoname_is_rejected() -> None:
    name = Name(longest=32, source=SOURCE)
    assert len(outputs.automatic_name("x" * 24, name, b"s")) == 32
    with pytest.raises(outputs.NameTooLongError, match="Allowed are 24 at most"):
        outputs.automatic_name("x" * 25, name, b"s")


def test_outputs_follow_templates_inputs_and_default_tags() -> None:
    made = call(tags={"Name": "bell"}, signatureVersion=2)
    made.id = outputs.resource_id(made, ROW)
    made_outputs = outputs.created(made, schema(made.type), ROW)
    assert made_outputs["arn"] == "arn:aws:sns:eu-west-1:42:bell-1"
    assert made_outputs["displayName"] == "bell-1 of 2"
    assert made_outputs["tagsAll"] == {"Owner": "us", "Name": "bell"}
    assert made_outputs["region"] == "eu-west-1"
    assert outputs.created(call(displayName="mine"), schema(made.type), ROW)["displayName"] == "mine"


def test_computed_outputs_are_unknown_in_a_preview() -> None:
    made_outputs = outputs.planned(call(), schema("aws:sns/topic:Topic"), ROW)
    assert made_outputs["name"] == "bell-1"
    assert made_outputs["arn"] is UNKNOWN
    assert made_outputs["kmsMasterKeyId"] is None


def test_update_keeps_computed_and_recomputes_derived_outputs() -> None:
    before = call(tags={"a": "b"}, displayName="old")
    before.id = outputs.resource_id(before, ROW)
    made_outputs = outputs.created(before, schema(before.type), ROW)
    after = call(tags={"a": "b", "c": "d"})
    after.id, after.old = before.id, before.inputs
    after.this = CloudResource(before.type, before.id, before.urn, "eu-west-1", "42", before.inputs, made_outputs)
    changed = outputs.updated(after, schema(after.type), ROW, preview=False)
    assert changed["arn"] == made_outputs["arn"]
    assert changed["beginningArchiveTime"] == "v2"
    assert changed["displayName"] == "bell-1 of 1", "a removed input falls back to the default"


def test_changed_derived_output_is_unknown_in_a_preview() -> None:
    before = call(tags={"a": "b"})
    before.id = outputs.resource_id(before, ROW)
    made_outputs = outputs.created(before, schema(before.type), ROW)

    def previewed(**inputs: object) -> object:
        after = call(**inputs)
        after.id, after.old = before.id, before.inputs
        after.this = CloudResource(before.type, before.id, before.urn, "eu-west-1", "42", before.inputs, made_outputs)
        return outputs.updated(after, schema(after.type), ROW, preview=True)["beginningArchiveTime"]

    assert previewed(tags={"c": "d"}) == "v1"
    assert previewed(tags={"a": "b", "c": "d"}) is UNKNOWN
    assert previewed(tags={"a": "b"}, displayName=UNKNOWN) is UNKNOWN


def test_type_without_a_row_has_plausible_outputs() -> None:
    made = call()
    made.id = outputs.resource_id(made, None)
    made_outputs = outputs.created(made, schema(made.type), None)
    assert made_outputs["arn"].startswith("arn:aws:sns:eu-west-1:42:")
    assert isinstance(made_outputs["owner"], str)
