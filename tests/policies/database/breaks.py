"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.breaks import Break

BREAKS: Mapping[str, Break] = {
    "ATL-001": Break("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList", {"cidrBlock": "0.0.0.0/0"}),
}
