"""The objects of KEDA: ScaledObject and TriggerAuthentication, as its definitions and its webhook accept them.

The sandbox does not know whether KEDA is installed: the Kubernetes API refuses both kinds without it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Rejection, Stage, documented, located, rule
from .objects import DEPLOYMENT, INVALID, NOT_FOUND, items, mapping, neighbour, object_row

SCALED_OBJECT = "kubernetes:keda.sh/v1alpha1:ScaledObject"
AUTHENTICATION = "kubernetes:keda.sh/v1alpha1:TriggerAuthentication"
_REPOSITORY = "https://github.com/kedacore/keda"
_TYPES = documented(f"{_REPOSITORY}, apis/keda/v1alpha1/scaledobject_types.go", read="2026-11-28")
_WEBHOOK = documented(f"{_REPOSITORY}, apis/keda/v1alpha1/scaledobject_webhook.go", read="2026-11-28")
_SCALERS = documented(
    f"{_REPOSITORY}, pkg/scalers/aws_cloudwatch_scaler.go and aws_sqs_queue_scaler.go", read="2026-11-28"
)
_DEFAULT_MAX_REPLICAS = 100
"""maxReplicaCount of an object without one."""
_REQUIRED = {
    "aws-sqs-queue": ("queueURL", "awsRegion"),
    "aws-cloudwatch": ("targetMetricValue", "minMetricValue", "awsRegion"),
}
"""By type of trigger, the metadata without which KEDA cannot read the metric."""


@rule("scaled-object-bounds", Stage.PLAN, source=_TYPES)
def _bounds(call: Call) -> Iterator[Rejection]:
    low, high = call.get("spec.minReplicaCount", 0), call.get("spec.maxReplicaCount", _DEFAULT_MAX_REPLICAS)
    if isinstance(low, (int, float)) and isinstance(high, (int, float)) and low > high:
        reason = f"MinReplicaCount={low:g} must be less than MaxReplicaCount={high:g}"
        yield Rejection("spec.minReplicaCount", reason, INVALID)
    if call.get("spec.scaleTargetRef") is None:
        yield Rejection("spec.scaleTargetRef", "it is required.", INVALID)
    if call.get("spec.triggers") is not UNKNOWN and not items(call.get("spec.triggers")):
        yield Rejection("spec.triggers", "it is required.", INVALID)


@rule("scaled-object-triggers", Stage.PLAN, source=_SCALERS)
def _triggers(call: Call) -> Iterator[Rejection]:
    """Reject triggers that the API accepts and KEDA then cannot read."""
    for at, trigger in located(call.inputs, "spec.triggers[*]"):
        kind, metadata = mapping(trigger).get("type"), mapping(mapping(trigger).get("metadata"))
        for key in _REQUIRED.get(str(kind), ()):
            if metadata.get(key) in (None, ""):
                yield Rejection(f"{at}.metadata.{key}", f"it is required by the trigger {kind}.", INVALID)
        for key, value in metadata.items():
            if value is not UNKNOWN and not isinstance(value, str):
                yield Rejection(f"{at}.metadata.{key}", f"not a string (got {value}).", INVALID)


@rule("scaled-object-target", Stage.CREATE, Stage.UPDATE, source=_WEBHOOK)
def _target(call: Call) -> Iterator[Rejection]:
    target = mapping(call.get("spec.scaleTargetRef"))
    if target.get("kind", "Deployment") == "Deployment" and neighbour(call, DEPLOYMENT, target.get("name")) is None:
        reason = f'deployments.apps "{target.get("name")}" not found'
        yield Rejection("spec.scaleTargetRef.name", reason, NOT_FOUND)
    for at, trigger in located(call.inputs, "spec.triggers[*]"):
        name = mapping(mapping(trigger).get("authenticationRef")).get("name")
        if name is not None and neighbour(call, AUTHENTICATION, name) is None:
            reason = f'triggerauthentications.keda.sh "{name}" not found'
            yield Rejection(f"{at}.authenticationRef.name", reason, NOT_FOUND)


BEHAVIOURS: tuple[Behaviour, ...] = (
    object_row(SCALED_OBJECT, source=_TYPES, rules=(_bounds, _triggers, _target)),
    object_row(AUTHENTICATION, source=_TYPES),
)
