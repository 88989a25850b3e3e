"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.breaks import Break
from tests.policies.judging import GONE

REGIONS = ("eu-west-1", "eu-west-3", "eu-central-1", "us-east-1", "us-east-2", "us-west-2")

BREAKS: Mapping[str, Break] = {
    "COST-001": Break("aws:budgets/budget:Budget", {}),
    "COST-002": Break(
        "aws:lb/loadBalancer:LoadBalancer", {"region": "ap-southeast-2"}, parameters={"regions": REGIONS}
    ),
    "COST-003": Break("aws:lb/loadBalancer:LoadBalancer", {"tags": GONE}),
}
