"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from policies.cdn.behaviors import DISTRIBUTION
from policies.cloudflare.zones import RECORDS
from tests.policies.breaks import Break

BREAKS: Mapping[str, Break] = {"REG-001": Break((DISTRIBUTION, *RECORDS), everywhere=True)}
