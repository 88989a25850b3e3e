"""Cloudflare load balancing in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from ..aws.account import Account
from .test_zones import zone

BALANCER = "cloudflare:index/loadBalancer:LoadBalancer"
POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool"
MONITOR = "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor"
ACCOUNT_ID = "a" * 32
ORIGIN = {"name": "eu", "address": "eu.example.com", "weight": 1}


@pytest.mark.parametrize(("code", "rejected"), [("WEU", False), ("EUROPE", True), ("ALL_REGIONS", True)])
def test_pools_of_regions_have_cloudflares_codes(code: str, rejected: bool) -> None:
    account = Account()
    made = account.make(POOL, "eu", **pool())
    inputs = {"zoneId": zone(account), "name": "lb.example.com", "defaultPools": [made.id], "fallbackPool": made.id}
    assert bool(account.codes(BALANCER, **inputs, regionPools={code: [made.id]})) is rejected


def pool(**more: Any) -> dict[str, Any]:
    return {"accountId": ACCOUNT_ID, "name": "eu", "origins": [ORIGIN], **more}


def test_pools_and_monitors_in_use_are_not_deleted() -> None:
    account = Account()
    home = zone(account)
    monitor = account.make(MONITOR, accountId=ACCOUNT_ID, type="https", path="/health")
    pool_in_use = account.make(POOL, **pool(monitor=monitor.id))
    inputs = {
        "zoneId": home,
        "name": "app.example.com",
        "defaultPools": [pool_in_use.id],
        "fallbackPool": pool_in_use.id,
    }
    made = account.make(BALANCER, **inputs)
    assert made.outputs["zoneName"] == "example.com"
    assert account.delete_codes(pool_in_use) == {"1005"}
    assert account.delete_codes(monitor) == {"1005"}
    assert account.codes(BALANCER, "b", **{**inputs, "name": "b.example.org"}) == {"1002"}
    assert account.codes(BALANCER, "b", **{**inputs, "name": "b.example.com", "fallbackPool": "none"}) == {"1002"}
    affinity = {"sessionAffinity": "cookie", "sessionAffinityTtl": 60}
    assert account.codes(BALANCER, "b", **{**inputs, "name": "b.example.com", **affinity}) == {"1002"}
    assert account.replaced_by(made, zoneId="b" * 32) == {"zoneId"}


@pytest.mark.parametrize(
    "more",
    [{"origins": []}, {"origins": [ORIGIN, ORIGIN]}, {"latitude": 1.0}, {"name": "e u"}, {"monitor": "none"}],
)
def test_invalid_pools_are_rejected(more: dict[str, Any]) -> None:
    assert Account().codes(POOL, **pool(**more))


@pytest.mark.parametrize(
    ("inputs", "rejected"),
    [
        ({}, False),
        ({"type": "tcp", "port": 443}, False),
        ({"type": "tcp"}, True),
        ({"type": "tcp", "port": 443, "path": "/"}, True),
        ({"type": "ping"}, True),
        ({"interval": 1}, True),
    ],
)
def test_monitor_validates_its_type(inputs: dict[str, Any], rejected: bool) -> None:
    assert bool(Account().codes(MONITOR, accountId=ACCOUNT_ID, **inputs)) is rejected
