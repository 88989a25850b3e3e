"""What several regions need of the other settings."""

from __future__ import annotations

import json

import pytest

from stacks.config.regions import cidrs_of_regions
from tests.stacks.config.test_reading import read, refused

REGIONS = json.dumps(["eu-central-1"])
ENTERPRISE = {"phase": "enterprise", "tier": "medium", "regions": REGIONS}


def test_regions_of_the_database_are_accepted() -> None:
    settings = read(**{**ENTERPRISE, "regions": json.dumps(["eu-west-3", "eu-central-1"])})

    assert settings.serving_region == "eu-west-1"
    assert settings.origin_host == "origin.api.app.example.com"
    assert list(cidrs_of_regions(settings)) == ["eu-west-3", "eu-central-1"]


def test_active_region_serves() -> None:
    assert read(**ENTERPRISE, activeRegion="eu-central-1").serving_region == "eu-central-1"


def test_earlier_phases_are_refused() -> None:
    (error,) = refused(phase="scale", tier="medium", regions=REGIONS).errors
    assert error.key == "tierup:regions"
    assert "no effect in phase scale" in error.problem
    assert "Allowed from phase enterprise on" in error.expected


@pytest.mark.parametrize(
    ("changes", "key", "problem"),
    [
        ({"regions": json.dumps(["us-east-1"])}, "regions", "must have nodes of the database"),
        ({"regions": json.dumps(["eu-west-3", "eu-west-3"])}, "regions", "occur once"),
        ({"activeRegion": "eu-west-3"}, "activeRegion", "does not run in this region"),
        ({"vpcCidr": "10.255.0.0/16"}, "vpcCidr", "no free /16"),
        ({"ipv6": "true"}, "ipv6", "cannot be used with tierup:regions"),
        ({"cacheAuth": "users"}, "cacheAuth", "user groups are in one region"),
        ({"apiPath": "/api/*"}, "apiPath", "in one region only"),
        ({"orchestrator": "eks"}, "orchestrator", "pods run in one region"),
        ({"existingCluster": "shared"}, "existingCluster", "its own ECS cluster"),
        (
            {"sizeOverrides": json.dumps({"cacheNodeType": "cache.t4g.medium"})},
            "sizeOverrides.cacheNodeType",
            "not supported by a Global Datastore",
        ),
        (
            {"sizeOverrides": json.dumps({"databaseShards": 0, "databaseMaxInstanceSize": "M50"})},
            "sizeOverrides.databaseShards",
            "only if the database is sharded",
        ),
        (
            {"activeRegion": "eu-central-1", "backupCopyRegion": "eu-central-1"},
            "backupCopyRegion",
            "while it is tierup:activeRegion",
        ),
    ],
)
def test_settings_that_exclude_several_regions_are_refused(changes: dict[str, str], key: str, problem: str) -> None:
    found = {error.key: error.problem for error in refused(**{**ENTERPRISE, **changes}).errors}
    assert problem in found[f"tierup:{key}"]


def test_cloudflare_is_allowed() -> None:
    settings = read(**ENTERPRISE, cdn="cloudflare", cloudflareZoneId="0" * 32)
    assert settings.regions == ("eu-central-1",)
