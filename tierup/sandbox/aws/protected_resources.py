"""Resources whose own input protects them from a delete, in one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..behaviour import BehaviourRule, Call, Rejection, Stage, assumed, rule, values_at
from .service_references import token

PROTECTED: Mapping[str, tuple[str, object, str]] = {
    token(kind): (path, value, code)
    for kind, path, value, code in (
        ("cognito.UserPool", "deletionProtection", "ACTIVE", "InvalidParameterException"),
        ("docdb.Cluster", "deletionProtection", True, "InvalidParameterCombination"),
        ("dynamodb.Table", "deletionProtectionEnabled", True, "ValidationException"),
        ("neptune.Cluster", "deletionProtection", True, "InvalidParameterCombination"),
        ("networkfirewall.Firewall", "deleteProtection", True, "InvalidOperationException"),
        ("rds.GlobalCluster", "deletionProtection", True, "InvalidParameterCombination"),
    )
}
"""The input, the value that protects, and the error code."""


@rule(
    "resource-is-protected",
    Stage.DELETE,
    source=assumed("from memory; to check: AWS API models (botocore 1.43), the input of each create operation"),
)
def _protected(call: Call) -> Iterator[Rejection]:
    if call.this is None or call.type not in PROTECTED:
        return
    path, value, code = PROTECTED[call.type]
    if next(values_at(call.this.inputs, path), None) == value:
        yield Rejection(path, f"The resource has {path} {value}. Change it before the delete.", code)


COMMON_RULES: tuple[BehaviourRule, ...] = (_protected,)
