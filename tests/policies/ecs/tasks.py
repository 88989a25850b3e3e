"""Evaluate the compliant program's task with other containers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from policies.rule import ResourceRule, StackRule, Verdict
from tests.policies.compliant import container
from tests.policies.evaluation import ABSENT, evaluate

WINDOWS = {"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}}


def program() -> dict[str, object]:
    """Return the compliant application container."""
    return container()


def router() -> dict[str, object]:
    """Return a log router: by design it runs as root, writes to its root file system and has no log driver."""
    return {
        "name": "log-router",
        "image": "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5",
        "essential": True,
        "user": "0",
        "firelensConfiguration": {"type": "fluentbit"},
    }


def evaluated(
    rule: ResourceRule | StackRule,
    *containers: Mapping[str, Any],
    changes: Mapping[str, Any] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Verdict:
    """Return the verdict on the task with these containers and with further changes to the program."""
    definitions = {"containerDefinitions": json.dumps(containers)}
    return evaluate(rule, "task", {**definitions, **(changes or {})}, parameters=parameters)


def changed(**changes: Any) -> dict[str, Any]:
    """Return the compliant container with some keys set, or removed by ABSENT."""
    return {key: value for key, value in {**program(), **changes}.items() if value is not ABSENT}
