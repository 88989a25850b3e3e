"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.violations import Violation

SERVICE = "render:services:WebService"

VIOLATIONS: Mapping[str, Violation] = {
    "HOST-001": Violation(SERVICE, {"serviceDetails.healthCheckPath": ""}),
    "HOST-002": Violation(SERVICE, {"serviceDetails.plan": "free"}),
    "HOST-003": Violation("vercel:index/projectEnvironmentVariable:ProjectEnvironmentVariable", {"sensitive": False}),
}
