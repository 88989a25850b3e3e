"""K8S-005: a variable whose name suggests a secret gets its value from a Secret, not from the pod's template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Pitfall, Resource, ResourceRule, Severity, declared, items
from .workloads import WORKLOADS, containers

SECRET = re.compile(
    r"(.*_)?(SECRET|SECRET_KEY|PASSWORD|PASSWD|PASSPHRASE|TOKEN|API_KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS)"
    r"|MONGODB_URI|MONGO_URL|DATABASE_URL|REDIS_URL|SENTRY_DSN",
    re.IGNORECASE,
)


def check(workload: Resource, _parameters: Parameters) -> Iterator[Finding]:
    for at, container in containers(workload):
        for path, variable in items(container, "env"):
            if SECRET.fullmatch(str(variable.get("name"))) and declared(variable, "value"):
                yield Finding(f"{at}.{path}.value", "a plain value", "valueFrom.secretKeyRef")


RULE = ResourceRule(
    id="K8S-005",
    name="kubernetes-plain-secrets",
    title="A secret variable gets its value from a Secret.",
    item=ChecklistItem.SECRETS,
    pitfall=Pitfall.HARDCODED_SECRETS,
    severity=Severity.CRITICAL,
    applies_to=WORKLOADS,
    check=check,
    remediation="Store the value in AWS Secrets Manager, and mount it with the Secrets Store CSI driver.",
    example="""container = {
    "name": "app",
    "env": [{"name": "JWT_SECRET", "value_from": {"secret_key_ref": {"name": "app-secrets", "key": "JWT_SECRET"}}}],
}""",
    source="https://kubernetes.io/docs/concepts/configuration/secret/",
    read=date(2026, 11, 28),
)
