"""What schema and rows say no to, on a type made up for the purpose."""

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

WHY = assumed("made up for this test")
HOUSE, STREET, DOOR = "x:y/house:House", "x:y/street:Street", "x:y/door:Door"


@rule("no-thirteen", Stage.PLAN, source=WHY)
def no_thirteen(call: Call) -> Iterator[Rejection]:
    if call.get("number") == 13:
        yield Rejection("number", "13 is not built")


HOUSES = Behaviour(
    type=HOUSE,
    source=WHY,
    name=Name(longest=12, pattern=r"[a-z-]+", allowed="small letters and hyphens", source=WHY),
    enums={"colour": ("red", "blue"), "rooms[*].kind": ("bath", "bed")},
    ranges={"number": (1, 99)},
    conflicts=(("garage", "garden"),),
    exactly_one=(("rent", "price"),),
    requires={"pool": ("garden",)},
    references=(Reference(path="street", to=STREET, same=("town",), in_use="StreetInUse", source=WHY),),
    quotas=(Quota(limit=2, per="region", what="houses", source=WHY),),
    rules=(no_thirteen,),
)
DOORS = Behaviour(
    type=DOOR,
    source=WHY,
    references=(
        Reference(path="houses[*]", to=HOUSE, by="arn", external="outside", source=WHY),
        Reference(path="street", to=STREET, by="name", same=("town",), source=WHY),
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


def test_a_good_house_is_not_refused() -> None:
    assert planned(colour="red", number=7, rooms=[{"kind": "bath"}], tags={"a": "b"}, name="mine") == []


@pytest.mark.parametrize(
    ("inputs", "path", "says"),
    [
        ({"color": "red"}, "color", "did you mean 'colour'"),
        ({"rooms": [{"kind": "bath"}, {"kind": "bed", "sise": 3}]}, "rooms[1].sise", "did you mean 'size'"),
        ({"rooms": [{}]}, "rooms[0].kind", "required and missing"),
        ({"rooms": {"kind": "bath"}}, "rooms", "wanted is a list"),
        ({"rooms": ["bath"]}, "rooms[0]", "wanted is an object"),
        ({"number": "many"}, "number", "wanted is a whole number"),
        ({"number": 1.5}, "number", "wanted is a whole number"),
        ({"garage": "perhaps"}, "garage", "wanted is true or false"),
        ({"tags": {"a": ["b"]}}, "tags.a", "wanted is a text"),
        ({"colour": "green"}, "colour", "allowed are red, blue"),
        ({"rooms": [{"kind": "attic"}]}, "rooms[0].kind", "allowed are bath, bed"),
        ({"number": 100}, "number", "allowed is 1 to 99"),
        ({"garage": True, "garden": True}, "garden", "garage and garden exclude each other"),
        ({"price": 2}, "rent", "exactly one of rent, price"),
        ({"pool": True}, "pool", "needs garden"),
        ({"name": "far-too-long-a-name"}, "name", "has 19 characters; allowed are 1 to 12"),
        ({"name": "Mine"}, "name", "only small letters and hyphens"),
        ({"number": 13}, "number", "13 is not built (rule no-thirteen)"),
    ],
)
def test_what_is_wrong_is_said_with_its_path(inputs: dict[str, Any], path: str, says: str) -> None:
    (refusal,) = planned(**inputs)
    assert refusal[0] == path
    assert says in refusal[1]


def test_a_missing_input_is_named() -> None:
    (refusal,) = validation.plan(call({"rent": 1}), SHAPE, HOUSES)
    assert (refusal.path, refusal.code) == ("street", "MissingInput")


def test_what_is_not_known_yet_is_not_judged_yet() -> None:
    assert planned(colour=UNKNOWN, number=UNKNOWN, rooms=UNKNOWN, name=UNKNOWN, garden=UNKNOWN) == []


def test_the_texts_a_bridged_provider_takes_for_numbers_are_taken() -> None:
    assert planned(number="7", garage="true") == []


def test_a_message_on_a_wrong_type_does_not_repeat_the_value() -> None:
    (refusal,) = planned(number="hunter2")
    assert "hunter2" not in refusal[1]


def standing(cloud: Cloud, type: str, id: str, region: str = "here", **outputs: Any) -> CloudResource:
    return cloud.add(CloudResource(type, id, f"urn:pulumi:s::p::{type}::{id}", region, "1", outputs, outputs))


def refused(inputs: Mapping[str, Any], cloud: Cloud, type: str = HOUSE, row: Behaviour = HOUSES) -> list[str]:
    return [r.message for r in validation.create(call(inputs, cloud, type), row, INDEX)]


def holders(this: CloudResource, cloud: Cloud) -> list[tuple[str, str]]:
    asked = call(this.inputs, cloud, this.type)
    asked.this = this
    return [(r.code, r.message) for r in validation.delete(asked, None, INDEX)]


def test_what_is_pointed_at_must_exist() -> None:
    cloud = Cloud()
    assert refused({"street": "main"}, cloud) == ["the Street 'main' does not exist"]
    standing(cloud, STREET, "main")
    assert refused({"street": "main"}, cloud) == []


def test_what_is_pointed_at_must_be_in_the_same_region_and_place() -> None:
    cloud = Cloud()
    standing(cloud, STREET, "far", region="there")
    standing(cloud, STREET, "near", town="Ham")
    assert "is in there, this resource in here" in refused({"street": "far"}, cloud)[0]
    assert "has town Ham, this resource has town Eg" in refused({"street": "near", "town": "Eg"}, cloud)[0]
    assert refused({"street": "near", "town": "Ham"}, cloud) == []


def test_a_reference_by_an_output_walks_lists_and_lets_outside_ones_be() -> None:
    cloud = Cloud()
    standing(cloud, HOUSE, "h1", arn="arn:h1")
    assert refused({"houses": ["arn:h1", "outside"]}, cloud, DOOR, DOORS) == []
    assert refused({"houses": ["arn:h1", "arn:h2"]}, cloud, DOOR, DOORS) == ["the House 'arn:h2' does not exist"]


def test_of_namesakes_the_one_of_the_same_place_is_meant() -> None:
    cloud = Cloud()
    near, far = (
        standing(cloud, STREET, "s1", name="main", town="Ham"),
        standing(cloud, STREET, "s2", name="main", town="Eg"),
    )
    door: dict[str, Any] = {"houses": [], "street": "main"}
    for town in ("Ham", "Eg"):
        assert refused({**door, "town": town}, cloud, DOOR, DOORS) == []
    assert "has town" in refused({**door, "town": "Ox"}, cloud, DOOR, DOORS)[0]
    standing(cloud, DOOR, "d1", **door, town="Ham")
    assert holders(far, cloud) == []
    assert "in use by Door 'd1'" in holders(near, cloud)[0][1]


def test_a_name_is_taken_once_a_region() -> None:
    cloud = Cloud()
    standing(cloud, STREET, "main")
    standing(cloud, HOUSE, "h1", name="mine", street="main")
    standing(cloud, HOUSE, "h2", region="there", name="yours", street="main")
    assert refused({"street": "main", "name": "mine"}, cloud) == ["'mine' is taken by h1"]
    assert refused({"street": "main", "name": "yours"}, cloud) == []


def test_a_quota_ends() -> None:
    cloud = Cloud()
    standing(cloud, STREET, "main")
    for number in range(2):
        standing(cloud, HOUSE, f"h{number}", street="main")
    assert refused({"street": "main"}, cloud) == [
        "the quota of 2 houses is used up: delete one or ask the cloud for more"
    ]


def test_what_is_in_use_is_not_deleted() -> None:
    cloud = Cloud()
    street = standing(cloud, STREET, "main")
    house = standing(cloud, HOUSE, "h1", street="main", arn="arn:h1")
    standing(cloud, DOOR, "d1", houses=["arn:h1"])

    ((code, message),) = holders(street, cloud)
    assert code == "StreetInUse"
    assert "in use by House 'h1'" in message
    assert "in use by Door 'd1' (d1) through its houses[*]" in holders(house, cloud)[0][1]
    cloud.remove(house)
    assert holders(street, cloud) == []
