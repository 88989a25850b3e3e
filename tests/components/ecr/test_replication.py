"""The replication of the registry: its rule, and rejected arguments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from components.ecr.replication import EcrReplication, EcrReplicationArgs
from tests.engine_recorder import record

ARGS = EcrReplicationArgs(
    account_id="111122223333", regions=["eu-central-1", "eu-west-3"], repository_prefixes=["images-repository-1"]
)


def test_repository_is_replicated_to_each_region() -> None:
    recording = record(lambda: EcrReplication("images", ARGS))
    configuration = recording.one("aws:ecr/replicationConfiguration:ReplicationConfiguration")

    assert recording.tree() == {"images": None, "images-registry": "images"}
    assert configuration.inputs["replicationConfiguration"]["rules"] == [
        {
            "destinations": [
                {"region": "eu-central-1", "registryId": "111122223333"},
                {"region": "eu-west-3", "registryId": "111122223333"},
            ],
            "repositoryFilters": [{"filter": "images-repository-1", "filterType": "PREFIX_MATCH"}],
        }
    ]


@pytest.mark.parametrize(
    ("changes", "argument"),
    [
        ({"regions": []}, "regions"),
        ({"regions": ["eu-west-3", "eu-west-3"]}, "regions"),
        ({"repository_prefixes": []}, "repository_prefixes"),
        ({"account_id": "1"}, "account_id"),
    ],
)
def test_invalid_arguments_are_refused(changes: dict[str, Any], argument: str) -> None:
    with pytest.raises(ValueError, match=f"^{argument}: "):
        replace(ARGS, **changes)
