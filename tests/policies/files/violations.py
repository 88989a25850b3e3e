"""A violation of each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.violations import Violation

VIOLATIONS: Mapping[str, Violation] = {
    "FILES-001": Violation("aws:efs/fileSystem:FileSystem", {"encrypted": False}),
    "FILES-002": Violation(
        "aws:ecs/taskDefinition:TaskDefinition",
        {"volumes": [{"name": "uploads", "efsVolumeConfiguration": {"fileSystemId": "fs-0123456789abcdef0"}}]},
    ),
}
