"""Application Auto Scaling: scalable targets, their policies and schedules."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tierup.sandbox.behaviour import UNKNOWN, Behaviour, Call, Name, Rejection, Stage, rule

from .ecs import CLUSTER
from .ecs_services import SERVICE
from .elasticache_replication_groups import REPLICATION_GROUP
from .same_scope import known, others_in_region
from .sources import api, created_only, schema_of, sdk

TARGET = "aws:appautoscaling/target:Target"
POLICY = "aws:appautoscaling/policy:Policy"
SCHEDULED_ACTION = "aws:appautoscaling/scheduledAction:ScheduledAction"

SERVICE_NAME = "application-autoscaling"
REGISTER = api(SERVICE_NAME, "RegisterScalableTarget")
DIMENSIONS: dict[str, tuple[str, ...]] = {
    "ecs": ("ecs:service:DesiredCount",),
    "elasticmapreduce": ("elasticmapreduce:instancegroup:InstanceCount",),
    "ec2": ("ec2:spot-fleet-request:TargetCapacity",),
    "appstream": ("appstream:fleet:DesiredCapacity",),
    "dynamodb": (
        "dynamodb:table:ReadCapacityUnits",
        "dynamodb:table:WriteCapacityUnits",
        "dynamodb:index:ReadCapacityUnits",
        "dynamodb:index:WriteCapacityUnits",
    ),
    "rds": ("rds:cluster:ReadReplicaCount",),
    "sagemaker": (
        "sagemaker:variant:DesiredInstanceCount",
        "sagemaker:variant:DesiredProvisionedConcurrency",
        "sagemaker:inference-component:DesiredCopyCount",
    ),
    "custom-resource": ("custom-resource:ResourceType:Property",),
    "comprehend": (
        "comprehend:document-classifier-endpoint:DesiredInferenceUnits",
        "comprehend:entity-recognizer-endpoint:DesiredInferenceUnits",
    ),
    "lambda": ("lambda:function:ProvisionedConcurrency",),
    "cassandra": ("cassandra:table:ReadCapacityUnits", "cassandra:table:WriteCapacityUnits"),
    "kafka": ("kafka:broker-storage:VolumeSize",),
    "elasticache": (
        "elasticache:cache-cluster:Nodes",
        "elasticache:replication-group:NodeGroups",
        "elasticache:replication-group:Replicas",
    ),
    "neptune": ("neptune:cluster:ReadReplicaCount",),
    "workspaces": ("workspaces:workspacespool:DesiredUserSessions",),
}
"""The scalable dimensions of each service namespace."""

_BLOCKS = {
    "StepScaling": "stepScalingPolicyConfiguration",
    "TargetTrackingScaling": "targetTrackingScalingPolicyConfiguration",
    "PredictiveScaling": "predictiveScalingPolicyConfiguration",
}
_IDENTITY = ("serviceNamespace", "resourceId", "scalableDimension")


@rule("scalable-dimension-of-its-service", Stage.PLAN, source=REGISTER)
def dimension_of_service(call: Call) -> Iterator[Rejection]:
    namespace, dimension = known(call, "serviceNamespace"), known(call, "scalableDimension")
    if namespace is None:
        return
    allowed = DIMENSIONS.get(namespace)
    if allowed is None:
        choice = ", ".join(DIMENSIONS)
        yield Rejection(
            "serviceNamespace",
            f"unknown service namespace (got '{namespace}'). Allowed are {choice}.",
            "ValidationException",
        )
    elif dimension is not None and dimension not in allowed:
        yield Rejection(
            "scalableDimension",
            f"not a dimension of {namespace} (got '{dimension}'). Allowed are {', '.join(allowed)}.",
            "ValidationException",
        )
    resource = known(call, "resourceId")
    if namespace == "ecs" and resource is not None and not re.fullmatch(r"service/[^/:]+/[^/:]+", resource):
        yield Rejection(
            "resourceId",
            f"not an ECS service (got '{resource}'). Write service/<cluster name>/<service name>, not an ARN.",
            "ValidationException",
        )
    if (
        namespace == "elasticache"
        and resource is not None
        and not re.fullmatch(r"(replication-group|cache-cluster)/[^/:]+", resource)
    ):
        yield Rejection(
            "resourceId", f"not a cache (got '{resource}'). Write replication-group/<id>.", "ValidationException"
        )


@rule("capacity-from-low-to-high", Stage.PLAN, source=REGISTER)
def capacity_in_order(call: Call) -> Iterator[Rejection]:
    for at in ("", "scalableTargetAction."):
        low, high = known(call, f"{at}minCapacity"), known(call, f"{at}maxCapacity")
        if low is not None and high is not None and int(low) > int(high):
            yield Rejection(
                f"{at}minCapacity", f"minCapacity {low} is greater than maxCapacity {high}", "ValidationException"
            )


@rule("scalable-resource-exists", Stage.CREATE, source=REGISTER)
def resource_exists(call: Call) -> Iterator[Rejection]:
    kind, _, path = str(call.get("resourceId")).partition("/")
    if call.get("serviceNamespace") == "ecs":
        cluster, _, name = path.partition("/")
        clusters = {found.outputs.get("arn") for found in call.nearby(CLUSTER, name=cluster)}
        exists = any(found.outputs.get("cluster") in {*clusters, cluster} for found in call.nearby(SERVICE, name=name))
    elif kind == "replication-group":
        exists = next(call.nearby(REPLICATION_GROUP, replicationGroupId=path), None) is not None
    else:
        return
    if not exists:
        yield Rejection(
            "resourceId",
            f"{call.get('resourceId')} does not exist. Make the scalable target depend on it.",
            "ValidationException",
        )


@rule("scalable-target-is-registered", Stage.CREATE, source=api(SERVICE_NAME, "PutScalingPolicy"))
def is_registered(call: Call) -> Iterator[Rejection]:
    if next(call.nearby(TARGET, **{path: call.get(path) for path in _IDENTITY}), None) is None:
        yield Rejection(
            "resourceId",
            f"no scalable target is registered for {call.get('resourceId')}, {call.get('scalableDimension')}."
            " Take resourceId, scalableDimension and serviceNamespace from the Target.",
            "ObjectNotFoundException",
        )


@rule("one-scalable-target", Stage.CREATE, source=REGISTER)
def registered_once(call: Call) -> Iterator[Rejection]:
    for other in others_in_region(call, TARGET, **{path: call.get(path) for path in _IDENTITY}):
        yield Rejection(
            "resourceId", f"{call.get('resourceId')} is already a scalable target ({other.name})", "ValidationException"
        )


@rule("policy-type-has-its-block", Stage.PLAN, source=sdk("appautoscaling/policy"))
def policy_block(call: Call) -> Iterator[Rejection]:
    kind = call.get("policyType", "StepScaling")
    if kind is UNKNOWN or kind not in _BLOCKS:
        return
    for of, block in _BLOCKS.items():
        given = call.get(block) is not None
        if given != (of == kind):
            verb = "requires" if of == kind else "does not support"
            yield Rejection(block, f"a policy of type {kind} {verb} {block}", "ValidationException")


@rule("target-tracking-metric", Stage.PLAN, source=api(SERVICE_NAME, "PutScalingPolicy"))
def tracked_metric(call: Call) -> Iterator[Rejection]:
    at = "targetTrackingScalingPolicyConfiguration"
    if call.get(at) is None or call.get(at) is UNKNOWN:
        return
    given = [
        name for name in ("predefinedMetricSpecification", "customizedMetricSpecification") if call.get(f"{at}.{name}")
    ]
    if len(given) != 1:
        yield Rejection(
            at,
            "exactly one of predefinedMetricSpecification and customizedMetricSpecification is required",
            "ValidationException",
        )
    metric = known(call, f"{at}.predefinedMetricSpecification.predefinedMetricType")
    label = call.get(f"{at}.predefinedMetricSpecification.resourceLabel")
    if (metric == "ALBRequestCountPerTarget") != (label is not None) and metric is not None:
        verb = "requires" if label is None else "does not support"
        yield Rejection(
            f"{at}.predefinedMetricSpecification.resourceLabel",
            f"{metric} {verb} resourceLabel (app/<load balancer>/<id>/targetgroup/<name>/<id>)",
            "ValidationException",
        )
    own = {"ecs": ("ECSService", "ALBRequestCountPerTarget"), "elasticache": ("ElastiCache",)}.get(
        known(call, "serviceNamespace", "")
    )
    if metric is not None and own is not None and not metric.startswith(own):
        yield Rejection(
            f"{at}.predefinedMetricSpecification.predefinedMetricType",
            f"{metric} is not a metric of {call.get('serviceNamespace')}",
            "ValidationException",
        )


@rule("schedule-expression", Stage.PLAN, source=api(SERVICE_NAME, "PutScheduledAction"))
def schedule(call: Call) -> Iterator[Rejection]:
    text = known(call, "schedule")
    if text is None:
        return
    at_form = re.fullmatch(r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)", text)
    rate_form = re.fullmatch(r"rate\(\d+ (minutes?|hours?|days?)\)", text)
    cron_form = re.fullmatch(r"cron\((\S+ ){5}\S+\)", text)
    if not (at_form or rate_form or cron_form):
        yield Rejection(
            "schedule",
            f"invalid schedule (got '{text}'). Allowed are at(yyyy-mm-ddThh:mm:ss), rate(5 minutes), cron() with six"
            " fields.",
            "ValidationException",
        )
    if call.get("scalableTargetAction.minCapacity") is None and call.get("scalableTargetAction.maxCapacity") is None:
        yield Rejection(
            "scalableTargetAction", "at least one of minCapacity and maxCapacity is required", "ValidationException"
        )


def _service_linked_role(call: Call) -> str:
    kinds = {"ecs": "ECSService", "elasticache": "ElastiCacheRG", "dynamodb": "DynamoDBTable", "rds": "RDSCluster"}
    kind = kinds.get(str(call.get("serviceNamespace")), "CustomResource")
    return (
        f"arn:aws:iam::{call.account}:role/aws-service-role/{call.get('serviceNamespace')}"
        f".application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_{kind}"
    )


def _policy_arn(call: Call) -> str:
    return (
        f"arn:aws:autoscaling:{call.region}:{call.account}:scalingPolicy:{call.hex(8, 'arn')}:resource/"
        f"{call.get('serviceNamespace')}/{call.get('resourceId')}:policyName/{call.get('name')}"
    )


def _action_arn(call: Call) -> str:
    return (
        f"arn:aws:autoscaling:{call.region}:{call.account}:scheduledAction:{call.hex(8, 'arn')}:resource/"
        f"{call.get('serviceNamespace')}/{call.get('resourceId')}:scheduledActionName/{call.get('name')}"
    )


def _alarm_arns(call: Call) -> list[str]:
    """Return the ARNs of the two alarms that a target tracking policy creates."""
    if call.get("policyType") != "TargetTrackingScaling":
        return []
    alarm = f"arn:aws:cloudwatch:{call.region}:{call.account}:alarm:TargetTracking-{call.get('resourceId')}"
    return [f"{alarm}-{side}-{call.hex(8, side)}" for side in ("AlarmHigh", "AlarmLow")]


def _name(longest: int, operation: str) -> Name:
    return Name(
        longest=longest,
        pattern=r"[^\x00-\x1f]+",
        allowed="printable characters",
        unique="resourceId",
        taken="ValidationException",
        source=api(SERVICE_NAME, operation),
    )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=TARGET,
        source=sdk("appautoscaling/target"),
        id="{serviceNamespace}/{resourceId}/{scalableDimension}",  # the provider's id is the resource id alone
        outputs={
            "arn": "arn:aws:application-autoscaling:{region}:{account}:scalable-target/{hex32}",
            "roleArn": _service_linked_role,
            "suspendedState": {
                "dynamicScalingInSuspended": False,
                "dynamicScalingOutSuspended": False,
                "scheduledScalingSuspended": False,
            },
        },
        replaces=frozenset(_IDENTITY),
        replace_source=created_only("AWS::ApplicationAutoScaling::ScalableTarget"),
        ranges={"minCapacity": (0, 2_147_483_647), "maxCapacity": (0, 2_147_483_647)},
        rules=(dimension_of_service, capacity_in_order, resource_exists, registered_once),
    ),
    Behaviour(
        type=POLICY,
        source=sdk("appautoscaling/policy"),
        id="{name}",
        outputs={"policyType": "StepScaling"},
        derived={"arn": _policy_arn, "alarmArns": _alarm_arns},
        replaces=frozenset({"name", *_IDENTITY}),
        replace_source=created_only("AWS::ApplicationAutoScaling::ScalingPolicy"),
        enums={"policyType": tuple(_BLOCKS)},
        name=_name(255, "PutScalingPolicy"),
        rules=(dimension_of_service, policy_block, tracked_metric, is_registered),
    ),
    Behaviour(
        type=SCHEDULED_ACTION,
        source=sdk("appautoscaling/scheduledaction"),
        id="{name}",
        outputs={"arn": _action_arn, "timezone": "UTC"},
        replaces=frozenset({"name", *_IDENTITY}),
        replace_source=schema_of("appautoscaling/scheduled_action.go"),
        name=_name(256, "PutScheduledAction"),
        rules=(dimension_of_service, capacity_in_order, schedule, is_registered),
    ),
)
