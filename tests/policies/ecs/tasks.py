"""Evaluates the compliant program's task with other containers in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from policies.rule import ResourceRule, StackRule, Verdict
from tests.policies.compliant import container
from tests.policies.evaluation import ABSENT, evaluate

WINDOWS = {"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}}


def program() -> dict[str, object]:
    """The compliant container: the one that does the work."""
    return container()


def router() -> dict[str, object]:
    """A log router, which does by design what no program should: it is root, writes, and logs nowhere itself."""
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
    """The verdict on the task with these containers, and with further changes to the program."""
    definitions = {"containerDefinitions": json.dumps(containers)}
    return evaluate(rule, "task", {**definitions, **(changes or {})}, parameters=parameters)


def changed(**changes: Any) -> dict[str, Any]:
    """The compliant container with some keys set, or taken away by ABSENT."""
    return {key: value for key, value in {**program(), **changes}.items() if value is not ABSENT}
