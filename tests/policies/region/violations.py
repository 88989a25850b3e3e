"""A violation of each rule of this area."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from policies.cdn.behaviors import DISTRIBUTION
from policies.cloudflare.zones import RECORDS
from policies.ecs.definitions import TASK_DEFINITION
from policies.monitoring.alarms import METRIC_ALARM
from policies.monitoring.caches import REPLICATION_GROUP
from policies.region.multi_region import AWS_RECORD
from policies.region.separate_networks import VPC
from tests.policies.evaluation import ABSENT
from tests.policies.violations import Violation

ELSEWHERE = "us-west-2"


def _secrets_elsewhere(definitions: str) -> str:
    """Return the container definitions with the ARNs of the secrets in another region."""
    containers = json.loads(definitions)
    for container in containers:
        for secret in container.get("secrets") or ():
            secret["valueFrom"] = re.sub(r"(:secretsmanager:)[a-z0-9-]+", rf"\g<1>{ELSEWHERE}", secret["valueFrom"])
    return json.dumps(containers)


def _images_elsewhere(definitions: str) -> str:
    """Return the container definitions with the images in the registry of another region."""
    return re.sub(r"(\.dkr\.ecr\.)[a-z0-9-]+", rf"\g<1>{ELSEWHERE}", definitions)


VIOLATIONS: Mapping[str, Violation] = {
    "REG-001": Violation((DISTRIBUTION, *RECORDS), everywhere=True),
    "REG-002": Violation(AWS_RECORD, {"aliases[0].evaluateTargetHealth": False}),
    "REG-003": Violation(
        REPLICATION_GROUP,
        {"globalReplicationGroupId": ABSENT},
        also={
            "CACHE-001": "a secondary has the encryption of its Global Datastore",
            "CACHE-007": "a secondary has the parameters of its Global Datastore",
        },
    ),
    "REG-004": Violation(METRIC_ALARM, {"region": ELSEWHERE}),
    "REG-005": Violation(VPC, {"cidrBlock": "0.0.0.0/0"}),
    "REG-006": Violation(TASK_DEFINITION, {"containerDefinitions": _secrets_elsewhere}),
    "REG-007": Violation(TASK_DEFINITION, {"containerDefinitions": _images_elsewhere}),
}
