"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from policies.cdn.behaviors import DISTRIBUTION
from policies.cloudflare.zones import RECORDS
from policies.region.multi_region import AWS_RECORD
from tests.policies.violations import Violation

VIOLATIONS: Mapping[str, Violation] = {
    "REG-001": Violation((DISTRIBUTION, *RECORDS), everywhere=True),
    "REG-002": Violation(AWS_RECORD, {"aliases[0].evaluateTargetHealth": False}),
}
