"""The regions from the outputs of a stack, and the priorities of the database."""

from __future__ import annotations

import pytest

from tierup.deployment.errors import CommandError
from tierup.failover.atlas_client import AtlasClient
from tierup.failover.database_role import reordered
from tierup.failover.stack_regions import read_regions


def test_stack_of_one_region_is_refused() -> None:
    with pytest.raises(CommandError, match="the stack runs in one region"):
        read_regions({"phase": "mvp"}, "dev")


def test_read_only_region_keeps_priority_0() -> None:
    configs = [
        {"regionName": "EU_WEST_1", "priority": 7, "electableSpecs": {"nodeCount": 2}},
        {"regionName": "EU_CENTRAL_1", "priority": 6, "electableSpecs": {"nodeCount": 1}},
        {"regionName": "US_EAST_1", "priority": 0, "readOnlySpecs": {"nodeCount": 1}},
    ]
    changed = reordered(configs, "eu-central-1")
    assert [(each["regionName"], each["priority"]) for each in changed] == [
        ("EU_CENTRAL_1", 7),
        ("EU_WEST_1", 6),
        ("US_EAST_1", 0),
    ]
    with pytest.raises(CommandError, match=r"no electable nodes there \(got us-east-1\). Give one of eu-west-1"):
        reordered(configs, "us-east-1")


def test_missing_credentials_name_the_variables() -> None:
    with pytest.raises(CommandError, match="MONGODB_ATLAS_CLIENT_ID, MONGODB_ATLAS_CLIENT_SECRET: must be set"):
        AtlasClient({}, {})
