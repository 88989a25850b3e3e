"""The wrappers of the component package: what the package contains, its schema, and the components that they create."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi.provider.experimental.component import ComponentProvider

from tests.engine_recorder import Recording, record
from tierup.component_package import FOLDER, NAME
from tierup.component_package.wrappers import left_out, wrappers
from tools.docs.components import components

PAGE = Path(__file__).parents[3] / "docs/how-to/use-components-from-other-languages.md"
TAGS = {"Project": "shop"}
NETWORK = {
    "vpc_cidr": "10.0.0.0/16",
    "availability_zones": ["eu-west-1a", "eu-west-1b"],
    "account_id": 111122223333.0,
    "region": "eu-west-1",
    "flow_log_retention_days": 30.0,
    "tags": TAGS,
}


@pytest.fixture(autouse=True)
def _event_loop() -> None:  # pyright: ignore[reportUnusedFunction] - pytest uses it
    """Set an event loop for the SDK, because an earlier test in this process may have closed it."""
    asyncio.set_event_loop(asyncio.new_event_loop())


@cache
def schema() -> Any:
    """Return the package's schema, as the engine requests it."""
    return json.loads(str(ComponentProvider(list(wrappers().values()), NAME, None, "0.1.0").schema))


def created(name: str, args: dict[str, Any]) -> Recording[Any]:
    make: Any = wrappers()[name]
    return record(lambda: make("shop", args, None))


def test_every_component_is_in_the_package_or_documented_as_left_out() -> None:
    known = {each.cls.__name__ for each in components()}
    assert wrappers().keys() | (left_out().keys() & known) == known
    text = PAGE.read_text()
    assert left_out()
    assert [name for name in left_out() if f"`{name}`" not in text] == []


def test_a_component_has_its_arguments_and_outputs_in_the_schema() -> None:
    network = schema()["resources"]["tierup:index:Network"]
    assert network["isComponent"]
    assert set(network["requiredInputs"]) == {
        "accountId",
        "availabilityZones",
        "flowLogRetentionDays",
        "region",
        "tags",
        "vpcCidr",
    }
    assert network["inputProperties"]["accountId"] == {"type": "string"}
    assert network["inputProperties"]["private"]["$ref"] == "#/types/tierup:index:PrivateSubnetsArgs"
    assert network["properties"]["vpcId"] == {"type": "string"}
    assert network["properties"]["publicSubnetIds"] == {"type": "object", "additionalProperties": {"type": "string"}}


def test_a_wrapper_creates_the_component_as_its_child() -> None:
    recording = created("Network", NETWORK)
    types = {(each.type, each.parent) for each in recording.resources if not each.custom}
    assert types == {("tierup:index:Network", None), ("tierup:aws:Network", "shop")}
    assert recording.one("aws:ec2/vpc:Vpc").inputs["cidrBlock"] == "10.0.0.0/16"
    assert recording.value(recording.result.vpc_id) == "shop-vpc-id"


def test_numbers_and_texts_get_the_type_of_the_argument() -> None:
    """Pulumi passes every number as a floating-point number, and YAML reads the id of an account as one."""
    images = created("EcrRepository", {"tags": TAGS, "keep_images": 40.0})
    (policy,) = images.of("aws:ecr/lifecyclePolicy:LifecyclePolicy")
    assert '"countNumber": 40}' in policy.inputs["policy"]
    text = pulumi.Output.from_input(111122223333.0)
    logs = created("LogBucket", {"account_id": text, "region": "eu-west-1", "retention_days": 30.0, "tags": TAGS})
    assert "111122223333" in logs.one("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"]
    assert "111122223333.0" not in logs.one("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"]


def test_enumerations_and_nested_arguments_become_those_of_the_component() -> None:
    recording = created("Network", {**NETWORK, "private": {"nat": "single", "nat_zone": "eu-west-1b"}})
    nat = recording.one("aws:ec2/natGateway:NatGateway")
    assert nat.inputs["subnetId"] == "shop-public-eu-west-1b-id"


def test_a_value_that_is_not_one_of_an_enumeration_is_an_error() -> None:
    with pytest.raises(ValueError, match="'every' is not a valid NatKind"):
        created("Network", {**NETWORK, "private": {"nat": "every"}})


def test_an_argument_that_the_component_refuses_is_an_error() -> None:
    with pytest.raises(ValueError, match="vpc_cidr"):
        created("Network", {**NETWORK, "vpc_cidr": "10.0.0.0/20"})


def test_the_folder_is_a_plugin() -> None:
    assert (FOLDER / "PulumiPlugin.yaml").read_text().splitlines()[-1] == "runtime: python"
    assert "component_provider_host(" in (FOLDER / "__main__.py").read_text()
