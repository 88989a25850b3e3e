"""Rights whose lack AWS does not report when a resource is created: the delivery, job or message then fails silently.

`NEEDS` maps a type to what its resources need. `problems` evaluates all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tierup.sandbox.behaviour import values_at
from tierup.sandbox.cloud import Cloud, CloudResource

from ..arns import region_of, service_of
from .cloud_policies import BUCKET, RESTORE_TEST_BUCKET, SECRET, TOPIC
from .decisions import Values
from .needs import Denial, Need, assumes, customer_key, denials, is_known_role, session_context
from .tasks import running_needs, start_needs

SERVICE: Final = "aws:ecs/service:Service"
SCHEDULE: Final = "aws:scheduler/schedule:Schedule"
ROTATION: Final = "aws:secretsmanager/secretRotation:SecretRotation"
FUNCTION: Final = "aws:lambda/function:Function"
FLOW_LOG: Final = "aws:ec2/flowLog:FlowLog"
REPLICATION: Final = "aws:s3/bucketReplicationConfig:BucketReplicationConfig"
SELECTION: Final = "aws:backup/selection:Selection"
RESTORE_SELECTION: Final = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
ALARM: Final = "aws:cloudwatch/metricAlarm:MetricAlarm"
COMPOSITE_ALARM: Final = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
BUDGET: Final = "aws:budgets/budget:Budget"
EVENT_TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
DELIVERY: Final = "aws:cloudwatch/logDelivery:LogDelivery"
DESTINATION: Final = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination"
_TASK_DEFINITION: Final = "aws:ecs/taskDefinition:TaskDefinition"
_ENCRYPTION: Final = (
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A resource that exists and does not work, which no operation on AWS reports."""

    resource: CloudResource
    denial: Denial

    @property
    def effect(self) -> str:
        """What does not happen, as a sentence."""
        return self.denial.need.effect

    @property
    def reason(self) -> str:
        """AWS's message, as its service logs it."""
        return self.denial.message


def problems(cloud: Cloud) -> Iterator[Problem]:
    """Yield the silent failures of all resources, oldest resource first."""
    for resource in cloud.all():
        needs = NEEDS.get(resource.type)
        if needs is not None:
            for denial in denials(needs(resource, cloud), cloud):
                yield Problem(resource, denial)


def _in_role(needs: Iterable[Need], role: str, effect: str, session: str) -> Iterator[Need]:
    for need in needs:
        yield replace(need, caller=role, effect=effect, session=session)


def _actions(actions: str, resource: str, context: Mapping[str, Values] | None = None) -> Iterator[Need]:
    for action in actions.split():
        yield Need(caller="", action=action, resource=resource, context=context or {})


# --- ECS and EventBridge Scheduler ---


def _task_definition(cloud: Cloud, wanted: object, account: str, region: str) -> CloudResource | None:
    """Return the task definition of an ARN, a family (its latest revision) or a family:revision."""
    text = str(wanted or "")
    name = text.rpartition("/")[2]
    found = [
        each
        for each in cloud.find(_TASK_DEFINITION)
        if each.account == account
        and each.region == region
        and (
            each.outputs.get("arn") == text
            or name in (each.outputs.get("family"), f"{each.outputs.get('family')}:{each.outputs.get('revision')}")
        )
    ]
    return max(found, key=lambda each: each.outputs.get("revision", 0), default=None)


def _service(service: CloudResource, cloud: Cloud) -> Iterator[Need]:
    task = _task_definition(cloud, service.inputs.get("taskDefinition"), service.account, service.region)
    if task is not None:
        for need in start_needs(task, cloud):
            yield replace(need, effect="The service's tasks do not start.")
        exec_enabled = service.inputs.get("enableExecuteCommand") is True
        yield from running_needs(task, cloud, exec_enabled=exec_enabled)
    for advanced in values_at(service.inputs, "loadBalancers[*].advancedConfiguration"):
        role = advanced.get("roleArn")
        if is_known_role(cloud, role):
            effect = "ECS cannot move traffic, so that every blue/green deployment fails."
            yield from assumes("ecs.amazonaws.com", role, effect=effect)
            # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
            rule = str(advanced.get("productionListenerRule"))
            group = str(advanced.get("alternateTargetGroupArn"))
            needed = [
                *_actions("elasticloadbalancing:DescribeRules elasticloadbalancing:DescribeTargetHealth", "*"),
                *_actions("elasticloadbalancing:RegisterTargets elasticloadbalancing:DeregisterTargets", group),
                *_actions(f"elasticloadbalancing:Modify{'Rule' if '-rule/' in rule else 'Listener'}", rule),
            ]
            yield from _in_role(needed, role, effect, "ECS")


def _schedule(schedule: CloudResource, cloud: Cloud) -> Iterator[Need]:
    """Yield the rights of a schedule's role: https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html."""
    target: Mapping[str, Any] = schedule.inputs.get("target") or {}
    role, ecs = target.get("roleArn"), target.get("ecsParameters")
    if not is_known_role(cloud, role):
        return
    group = str(schedule.inputs.get("groupName") or "default")
    source = f"arn:aws:scheduler:{schedule.region}:{schedule.account}:schedule-group/{group}"
    effect = "EventBridge Scheduler does not invoke the target."
    yield from assumes("scheduler.amazonaws.com", role, source_arn=source, account=schedule.account, effect=effect)
    if isinstance(ecs, Mapping):
        yield from _run_task(str(role), ecs, str(target.get("arn")), schedule, cloud)
        return
    arn = str(target.get("arn"))
    action = _TARGET_ACTIONS.get(service_of(arn))
    if action is not None:
        yield from _in_role(_actions(action, arn), str(role), effect, "scheduler")


_TARGET_ACTIONS: Final = {
    "lambda": "lambda:InvokeFunction",
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
    "states": "states:StartExecution",
}
"""The action that delivers an event, by the service in the target's ARN."""


def _run_task(role: str, ecs: Mapping[str, Any], cluster: str, schedule: CloudResource, cloud: Cloud) -> Iterator[Need]:
    effect = "EventBridge Scheduler starts no task."
    wanted = ecs.get("taskDefinitionArn")
    task = _task_definition(cloud, wanted, schedule.account, schedule.region)
    arn = str(task.outputs.get("arn") if task is not None else wanted)
    session = schedule.name or "scheduler"
    needed = [Need(caller="", action="ecs:RunTask", resource=arn, context={"ecs:cluster": cluster})]
    for passed in ("executionRoleArn", "taskRoleArn"):
        passed_arn = task.outputs.get(passed) if task is not None else None
        if passed_arn:
            context = {"iam:PassedToService": "ecs-tasks.amazonaws.com"}
            needed.append(Need(caller="", action="iam:PassRole", resource=str(passed_arn), context=context))
    yield from _in_role(needed, role, effect, session)
    if task is not None:
        for need in start_needs(task, cloud):
            yield replace(need, effect="Each scheduled task stops before its containers start.")
        yield from running_needs(task, cloud)


# --- Lambda and Secrets Manager ---


def _function(function: CloudResource, cloud: Cloud) -> Iterator[Need]:
    role = function.inputs.get("role")
    if not is_known_role(cloud, role):
        return
    logging: Mapping[str, Any] = function.inputs.get("loggingConfig") or {}
    name = function.outputs.get("name")
    group = logging.get("logGroup") or f"/aws/lambda/{name}"
    arn = f"arn:aws:logs:{function.region}:{function.account}:log-group:{group}:log-stream:2026/11/28/[$LATEST]0"
    needed = _actions("logs:CreateLogStream logs:PutLogEvents", arn)
    yield from _in_role(needed, str(role), "The function's log is lost.", str(name))


def _rotation(rotation: CloudResource, cloud: Cloud) -> Iterator[Need]:
    """The rights of a rotation function.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
    (read 2026-11-28)
    """
    function = next(cloud.find(FUNCTION, arn=rotation.inputs.get("rotationLambdaArn")), None)
    secret_id = rotation.inputs.get("secretId")
    secret = next(cloud.find(SECRET, arn=secret_id), None) or cloud.get(SECRET, str(secret_id))
    role = function.inputs.get("role") if function is not None else None
    if function is None or secret is None or not is_known_role(cloud, role):
        return
    arn = str(secret.outputs.get("arn"))
    needed = [
        *_actions("secretsmanager:DescribeSecret secretsmanager:GetSecretValue", arn),
        *_actions("secretsmanager:PutSecretValue secretsmanager:UpdateSecretVersionStage", arn),
    ]
    key = customer_key(cloud, secret.inputs.get("kmsKeyId"), secret.account, secret.region)
    if key is not None:
        context = session_context(secret.account, secret.region, "secretsmanager", SecretARN=arn)
        needed += _actions("kms:Decrypt kms:GenerateDataKey", str(key.outputs.get("arn")), context)
    yield from _in_role(
        iter(needed), str(role), "Each rotation of the secret fails.", str(function.outputs.get("name"))
    )


# --- logs, backups, replicas ---


def _flow_log(flow_log: CloudResource, cloud: Cloud) -> Iterator[Need]:
    """https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html (read 2026-11-24)."""
    role, destination = flow_log.inputs.get("iamRoleArn"), str(flow_log.inputs.get("logDestination"))
    if not is_known_role(cloud, role):
        return
    effect = "The flow log has the status 'Access error' and delivers nothing."
    source = f"arn:aws:ec2:{flow_log.region}:{flow_log.account}:vpc-flow-log/{flow_log.id}"
    yield from assumes("vpc-flow-logs.amazonaws.com", role, source_arn=source, account=flow_log.account, effect=effect)
    group = destination.removesuffix(":*")
    needed = [
        *_actions("logs:CreateLogStream logs:PutLogEvents", f"{group}:log-stream:eni-0-all"),
        *_actions("logs:DescribeLogStreams", f"{group}:log-stream:"),
        *_actions(
            "logs:DescribeLogGroups", f"arn:aws:logs:{flow_log.region}:{flow_log.account}:log-group::log-stream:"
        ),
    ]
    yield from _in_role(needed, str(role), effect, "FlowLogs")


def _delivery(delivery: CloudResource, cloud: Cloud) -> Iterator[Need]:
    """AWS adds the statement that a vended log's bucket needs, but it cannot lift an explicit deny.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html (from memory)
    """
    wanted = delivery.inputs.get("deliveryDestinationArn")
    destination = next(cloud.find(DESTINATION, arn=wanted), None)
    configuration = (destination.inputs.get("deliveryDestinationConfiguration") or {}) if destination else {}
    bucket = str(configuration.get("destinationResourceArn") or "")
    if service_of(bucket) != "s3" or cloud.get(BUCKET, bucket.split(":::")[-1].partition("/")[0]) is None:
        return
    source_name = delivery.inputs.get("deliverySourceName")
    yield Need(
        caller="delivery.logs.amazonaws.com",
        action="s3:PutObject",
        resource=f"{bucket}/AWSLogs/{delivery.account}/CloudFront/log.gz",
        context={
            "aws:SourceAccount": delivery.account,
            "aws:SourceArn": f"arn:aws:logs:{delivery.region}:{delivery.account}:delivery-source:{source_name}",
            "s3:x-amz-acl": "bucket-owner-full-control",
        },
        effect="The logs are not delivered to the bucket.",
        only_explicit_deny=True,
    )


def _bucket_key(cloud: Cloud, bucket: str, account: str, region: str) -> CloudResource | None:
    for each in cloud.find(_ENCRYPTION):
        if each.inputs.get("bucket") == bucket:
            for applied in values_at(each.inputs, "rules[*].applyServerSideEncryptionByDefault"):
                return customer_key(cloud, applied.get("kmsMasterKeyId"), account, region)
    return None


def _replication(replication: CloudResource, cloud: Cloud) -> Iterator[Need]:
    """The rights of a replication role.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html (read 2026-11-28)
    """
    role, bucket = replication.inputs.get("role"), str(replication.inputs.get("bucket"))
    if not is_known_role(cloud, role):
        return
    effect, account = "The objects have the replication status FAILED.", replication.account
    yield from assumes("s3.amazonaws.com", role, source_arn=f"arn:aws:s3:::{bucket}", account=account, effect=effect)
    source = f"arn:aws:s3:::{bucket}"
    reads = "s3:GetObjectVersionForReplication s3:GetObjectVersionAcl s3:GetObjectVersionTagging"
    needed = [
        *_actions("s3:GetReplicationConfiguration s3:ListBucket", source),
        *_actions(reads, f"{source}/index.html"),
    ]
    key = _bucket_key(cloud, bucket, account, replication.region)
    if key is not None:
        context = session_context(account, key.region, "s3")
        needed.append(Need(caller="", action="kms:Decrypt", resource=str(key.outputs["arn"]), context=context))
    for destination in values_at(replication.inputs, "rules[*].destination"):
        arn = str(destination.get("bucket"))
        needed += _actions("s3:ReplicateObject s3:ReplicateDelete s3:ReplicateTags", f"{arn}/index.html")
        replica_key = (destination.get("encryptionConfiguration") or {}).get("replicaKmsKeyId")
        key = customer_key(cloud, replica_key, account, region_of(str(replica_key)) or replication.region)
        if key is not None:
            context = session_context(account, key.region, "s3")
            needed.append(Need(caller="", action="kms:Encrypt", resource=str(key.outputs["arn"]), context=context))
    yield from _in_role(needed, str(role), effect, "s3-replication")


def _selection(selection: CloudResource, cloud: Cloud) -> Iterator[Need]:
    """The rights of AWS Backup for buckets, from AWSBackupServiceRolePolicyForS3Backup v5 (read 2026-11-28)."""
    role = selection.inputs.get("iamRoleArn")
    if not is_known_role(cloud, role):
        return
    effect = "The backup jobs of the bucket fail."
    yield from assumes("backup.amazonaws.com", role, effect=effect)
    for bucket in selection.inputs.get("resources") or ():
        if service_of(str(bucket)) != "s3" or "*" in str(bucket):
            continue
        on_object = "s3:GetObjectVersion s3:GetObjectVersionAcl s3:GetObjectVersionTagging"
        on_bucket = (
            "s3:GetBucketVersioning s3:GetBucketLocation s3:GetBucketAcl s3:GetBucketTagging s3:ListBucketVersions"
            " s3:GetBucketNotification s3:PutBucketNotification"
        )
        needed = [
            *_actions(on_bucket, str(bucket)),
            *_actions(on_object, f"{bucket}/index.html"),
        ]
        name = str(bucket).rpartition(":")[2]
        key = _bucket_key(cloud, name, selection.account, selection.region)
        if key is not None:
            context = session_context(selection.account, key.region, "s3")
            needed.append(Need(caller="", action="kms:Decrypt", resource=str(key.outputs["arn"]), context=context))
        yield from _in_role(needed, str(role), effect, "AWSBackup")


def _restore_selection(selection: CloudResource, cloud: Cloud) -> Iterator[Need]:
    """The rights of a restore to a new bucket, from AWSBackupServiceRolePolicyForS3Restore v2 (read 2026-11-28)."""
    role = selection.inputs.get("iamRoleArn")
    if not is_known_role(cloud, role) or selection.inputs.get("protectedResourceType") != "S3":
        return
    effect = "The restore tests fail."
    yield from assumes("backup.amazonaws.com", role, effect=effect)
    bucket = f"arn:aws:s3:::{RESTORE_TEST_BUCKET}0"
    needed = [
        *_actions("s3:CreateBucket s3:GetBucketLocation s3:PutBucketVersioning", bucket),
        *_actions("s3:PutObject s3:PutObjectTagging", f"{bucket}/index.html"),
    ]
    yield from _in_role(needed, str(role), effect, "AWSBackup")


# --- notifications ---


def _publish(service: str, topic_arn: object, source_arn: str, owner: CloudResource, cloud: Cloud) -> Iterator[Need]:
    """Yield what a service needs to publish to a topic, which may be encrypted.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services (as others cite
    it, read 2026-11-24): the service itself uses the key, and KMS gets no source account from CloudWatch.
    """
    topic = next(cloud.find(TOPIC, arn=topic_arn), None)
    if topic is None:
        return
    effect = f"The message does not reach the topic '{topic.name or topic.id}'."
    source = {"aws:SourceAccount": owner.account, "aws:SourceArn": source_arn}
    context = {**source, "aws:SourceOwner": owner.account}
    yield Need(caller=service, action="sns:Publish", resource=str(topic_arn), context=context, effect=effect)
    key_id = topic.inputs.get("kmsMasterKeyId")
    if not key_id:
        return
    key = customer_key(cloud, key_id, topic.account, topic.region)
    if key is None and str(key_id).rpartition(":")[2] == "alias/aws/sns":
        # The policy of the AWS managed key allows the account's own principals only, and cannot be edited.
        key_arn = f"arn:aws:kms:{topic.region}:{topic.account}:alias/aws/sns"
        yield Need(caller=service, action="kms:GenerateDataKey", resource=key_arn, effect=effect, prefix=_MANAGED_KEY)
    elif key is not None:
        for action in ("kms:Decrypt", "kms:GenerateDataKey"):
            yield Need(
                caller=service,
                action=action,
                resource=str(key.outputs["arn"]),
                context={} if service == "cloudwatch.amazonaws.com" else source,
                effect=effect,
            )


_MANAGED_KEY: Final = "The AWS managed key alias/aws/sns does not allow services. Use a customer managed key: "


def _alarm(alarm: CloudResource, cloud: Cloud) -> Iterator[Need]:
    topics = {
        arn
        for path in ("alarmActions", "okActions", "insufficientDataActions")
        for arn in alarm.inputs.get(path) or ()
        if service_of(str(arn)) == "sns"
    }
    for arn in sorted(topics):
        yield from _publish("cloudwatch.amazonaws.com", arn, str(alarm.outputs.get("arn")), alarm, cloud)


def _budget(budget: CloudResource, cloud: Cloud) -> Iterator[Need]:
    source = f"arn:aws:budgets::{budget.account}:budget/{budget.outputs.get('name')}"
    for arn in sorted({*values_at(budget.inputs, "notifications[*].subscriberSnsTopicArns[*]")}):
        yield from _publish("budgets.amazonaws.com", arn, source, budget, cloud)


def _event_target(target: CloudResource, cloud: Cloud) -> Iterator[Need]:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html (read 2026-11-28)."""
    arn = str(target.inputs.get("arn"))
    bus = str(target.inputs.get("eventBusName") or "default")
    name = str(target.inputs.get("rule")) if bus == "default" else f"{bus}/{target.inputs.get('rule')}"
    source = f"arn:aws:events:{target.region}:{target.account}:rule/{name}"
    role = target.inputs.get("roleArn")
    if is_known_role(cloud, role):
        yield from assumes(
            "events.amazonaws.com", role, source_arn=source, account=target.account, effect="The target gets no event."
        )
    elif service_of(arn) == "sns":
        yield from _publish("events.amazonaws.com", arn, source, target, cloud)
    elif service_of(arn) in ("lambda", "sqs"):
        yield Need(
            caller="events.amazonaws.com",
            action=_TARGET_ACTIONS[service_of(arn)],
            resource=arn,
            context={"aws:SourceAccount": target.account, "aws:SourceArn": source},
            effect="The target gets no event.",
        )


NEEDS: Final[Mapping[str, Callable[[CloudResource, Cloud], Iterator[Need]]]] = {
    SERVICE: _service,
    SCHEDULE: _schedule,
    FUNCTION: _function,
    ROTATION: _rotation,
    FLOW_LOG: _flow_log,
    DELIVERY: _delivery,
    REPLICATION: _replication,
    SELECTION: _selection,
    RESTORE_SELECTION: _restore_selection,
    ALARM: _alarm,
    COMPOSITE_ALARM: _alarm,
    BUDGET: _budget,
    EVENT_TARGET: _event_target,
}
