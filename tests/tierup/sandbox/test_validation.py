"""Validation against schema, behaviour rows and cloud, on a made-up type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tierup.sandbox import validation as validation
from tierup.sandbox.behaviour import (
    UNKNOWN,
    Behaviour,
    Call,
    Name,
    Quota,
    Reference,
    Rejection,
    Stage,
    assumed,
    rule,
)
from tierup.sandbox.cloud import Cloud, CloudResource
from tierup.sandbox.schema import Property, TypeSchema

SOURCE = assumed("made up for this test")
HOUSE, STREET, DOOR = "x:y/house:House", "x:y/street:Street", "x:y/door:Door"


@rule("no-thirteen", Stage.PLAN, source=SOURCE)
def no_thirteen(call: Call) -> Iterator[Rejection]:
    if call.get("number") == 13:
        yield Rejection("number", "13 is not built")


HOUSES = Behaviour(
    type=HOUSE,
    source=SOURCE,
    name=Name(longest=12, pattern=r"[a-z-]+", allowed="small letters and hyphens", source=SOURCE),
    enums={"colour": ("red", "blue"), "rooms[*].kind": ("bath", "bed")},
    ranges={"number": (1, 99)},
    conflicts=(("garage", "garden"),),
    exactly_one=(("rent", "price"),),
    requires={"pool": ("garden",)},
    references=(Reference(path="street", to=STREET, same=("town",), in_use="StreetInUse", source=SOURCE),),
    quotas=(Quota(limit=2, per="region", what="houses", source=SOURCE),),
    rules=(no_thirteen,),
)
DOORS = Behaviour(
    type=DOOR,
    source=SOURCE,
    references=(
        Reference(path="houses[*]", to=HOUSE, by="arn", external="outside", source=SOURCE),
        Reference(path="street", to=STREET, by="name", same=("town",), source=SOURCE),
    ),
)
INDEX = validation.ReferenceIndex((HOUSES, DOORS))
SHAPE = TypeSchema(
    token=HOUSE,
    inputs={
        name: Property(kind, required=name == "street")
        for name, kind in {
            "street": "string", "name": "string", "colour": "string", "number": "integer", "garage": "boolean",
            "garden": "boolean", "pool": "boolean", "rent": "number", "price": "number", "town": "string",
            "rooms": ["list", ["object", "Room"]], "tags": ["map", "string"],
        }.items()
    },
    outputs={},
    objects={"Room": {"kind": Property("string", required=True), "size": Property("number", required=False)}},
)  # fmt: skip


def call(inputs: Mapping[str, Any], cloud: Cloud | None = None, type: str = HOUSE) -> Call:
    return Call(
        type=type, urn=f"urn:pulumi:s::p::{type}::mine", region="here", account="1", inputs=inputs,
        cloud=cloud or Cloud(), seed="seed",
    )  # fmt: skip


def planned(**inputs: Any) -> list[tuple[str, str]]:
    given = {"street": "s", "rent": 1, **inputs}
    return [(r.path, r.message) for r in validation.plan(call(given), SHAPE, HOUSES)]


def test_valid_inputs_are_accepted() -> None:
    assert planned(colour="red", number=7, rooms=[{"kind": "bath"}], tags={"a": "b"}, name="mine") == []


@pytest.mark.parametrize(
    ("inputs", "path", "says"),
    [
        ({"color": "red"}, "color", "Did you mean 'colour'"),
        ({"rooms": [{"kind": "bath"}, {"kind": "bed", "sise": 3}]}, "rooms[1].sise", "Did you mean 'size'"),
        ({"rooms": [{}]}, "rooms[0].kind", "required and missing"),
        ({"rooms": {"kind": "bath"}}, "rooms", "Expected a list"),
        ({"rooms": ["bath"]}, "rooms[0]", "Expected an object"),
        ({"number": "many"}, "number", "Expected an integer"),
        ({"number": 1.5}, "number", "Expected an integer"),
        ({"garage": "perhaps"}, "garage", "Expected true or false"),
        ({"tags": {"a": ["b"]}}, "tags.a", "Expected a string"),
        ({"colour": "green"}, "colour", "Allowed values: red, blue"),
        ({"rooms": [{"kind": "attic"}]}, "rooms[0].kind", "Allowed values: bath, bed"),
        ({"number": 100}, "number", "Allowed are 1 to 99"),
        ({"garage": True, "garden": True}, "garden", "garage and garden conflict"),
        ({"price": 2}, "rent", "exactly one of rent, price"),
        ({"pool": True}, "pool", "requires garden"),
        ({"name": "far-too-long-a-name"}, "name", "has 19 characters"),
        ({"name": "Mine"}, "name", "Allowed are small letters and hyphens"),
        ({"number": 13}, "number", "13 is not built (rule no-thirteen)"),
    ],
)
def test_invalid_input_is_rejected_with_its_path(inputs: dict[str, Any], path: str, says: str) -> None:
    (rejection,) = planned(**inputs)
    assert rejection[0] == path
    assert says in rejection[1]


def test_missing_input_is_rejected_with_its_path() -> None:
    (rejection,) = validation.plan(call({"rent": 1}), SHAPE, HOUSES)
    assert (rejection.path, rejection.code) == ("street", "MissingInput")


def test_unknown_inputs_are_accepted_at_plan() -> None:
    assert planned(colour=UNKNOWN, number=UNKNOWN, rooms=UNKNOWN, name=UNKNOWN, garden=UNKNOWN) == []


def test_strings_that_the_bridge_converts_are_accepted() -> None:
    assert planned(number="7", garage="true") == []


def test_wrong_type_message_omits_the_value() -> None:
    (rejection,) = planned(number="hunter2")
    assert "hunter2" not in rejection[1]


def add(cloud: Cloud, type: str, id: str, region: str = "here", **outputs: Any) -> CloudResource:
    return cloud.add(CloudResource(type, id, f"urn:pulumi:s::p::{type}::{id}", region, "1", outputs, outputs))


def rejected(inputs: Mapping[str, Any], cloud: Cloud, type: str = HOUSE, row: Behaviour = HOUSES) -> list[str]:
    return [r.message for r in validation.create(call(inputs, cloud, type), row, INDEX)]


def delete_rejections(this: CloudResource, cloud: Cloud) -> list[tuple[str, str]]:
    deletion = call(this.inputs, cloud, this.type)
    deletion.this = this
    return [(r.code, r.message) for r in validation.delete(deletion, None, INDEX)]


def test_reference_to_a_missing_resource_is_rejected() -> None:
    cloud = Cloud()
    assert rejected({"street": "main"}, cloud) == ["the Street 'main' does not exist"]
    add(cloud, STREET, "main")
    assert rejected({"street": "main"}, cloud) == []


def test_reference_to_another_region_or_place_is_rejected() -> None:
    cloud = Cloud()
    add(cloud, STREET, "far", region="there")
    add(cloud, STREET, "near", town="Ham")
    assert "is in there, this resource in here" in rejected({"street": "far"}, cloud)[0]
    assert "has town Ham, this resource has town Eg" in rejected({"street": "near", "town": "Eg"}, cloud)[0]
    assert rejected({"street": "near", "town": "Ham"}, cloud) == []


def test_reference_by_output_walks_lists_and_accepts_external_values() -> None:
    cloud = Cloud()
    add(cloud, HOUSE, "h1", arn="arn:h1")
    assert rejected({"houses": ["arn:h1", "outside"]}, cloud, DOOR, DOORS) == []
    assert rejected({"houses": ["arn:h1", "arn:h2"]}, cloud, DOOR, DOORS) == ["the House 'arn:h2' does not exist"]


def test_reference_by_name_means_the_resource_in_the_same_place() -> None:
    cloud = Cloud()
    near, far = (
        add(cloud, STREET, "s1", name="main", town="Ham"),
        add(cloud, STREET, "s2", name="main", town="Eg"),
    )
    door: dict[str, Any] = {"houses": [], "street": "main"}
    for town in ("Ham", "Eg"):
        assert rejected({**door, "town": town}, cloud, DOOR, DOORS) == []
    assert "has town" in rejected({**door, "town": "Ox"}, cloud, DOOR, DOORS)[0]
    add(cloud, DOOR, "d1", **door, town="Ham")
    assert delete_rejections(far, cloud) == []
    assert "in use by Door 'd1'" in delete_rejections(near, cloud)[0][1]


def test_name_in_use_in_the_region_is_rejected() -> None:
    cloud = Cloud()
    add(cloud, STREET, "main")
    add(cloud, HOUSE, "h1", name="mine", street="main")
    add(cloud, HOUSE, "h2", region="there", name="yours", street="main")
    assert rejected({"street": "main", "name": "mine"}, cloud) == ["the name 'mine' is already used by h1."]
    assert rejected({"street": "main", "name": "yours"}, cloud) == []


def test_exhausted_quota_rejects_a_create() -> None:
    cloud = Cloud()
    add(cloud, STREET, "main")
    for number in range(2):
        add(cloud, HOUSE, f"h{number}", street="main")
    assert rejected({"street": "main"}, cloud) == [
        "the quota of 2 houses is exhausted. Delete one, or request a quota increase (in the sandbox:"
        " `tierup sandbox quotas set`)."
    ]
    cloud.set_quota(HOUSE, "houses", 3)
    assert rejected({"street": "main"}, cloud) == []
    cloud.set_quota(HOUSE, "houses", None)
    assert rejected({"street": "main"}, cloud) != []


def test_resource_in_use_is_not_deleted() -> None:
    cloud = Cloud()
    street = add(cloud, STREET, "main")
    house = add(cloud, HOUSE, "h1", street="main", arn="arn:h1")
    add(cloud, DOOR, "d1", houses=["arn:h1"])

    ((code, message),) = delete_rejections(street, cloud)
    assert code == "StreetInUse"
    assert "in use by House 'h1'" in message
    assert "in use by Door 'd1' (d1) through its houses[*]" in delete_rejections(house, cloud)[0][1]
    cloud.remove(house)
    assert delete_rejections(street, cloud) == []


def test_reference_to_a_type_without_a_row_is_not_checked() -> None:
    cloud = Cloud()
    add(cloud, "x:y/tower:Tower", "t1", container="main")
    assert rejected({"street": "main"}, cloud) == []
    assert rejected({"street": "t1"}, cloud) == []
    assert rejected({"street": "other"}, cloud) == ["the Street 'other' does not exist"]
