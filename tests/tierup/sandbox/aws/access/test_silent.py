"""What AWS does not report at creation: each resource exists without its right, and `problems` names the right."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from tierup.sandbox.aws.access import silent
from tierup.sandbox.aws.iam import ROLE
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from ..policy_inputs import ACCOUNT_ID, allow, document, key_policy, make_role, set_policy, trust

ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
REGION = "eu-west-1"
BUCKET = "arn:aws:s3:::site"
COPY = "arn:aws:s3:::copy"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT_ID}:key/1"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT_ID}:alarms"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT_ID}:secret:keys-AbCdEf"
GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:flow"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:rotate"
CLUSTER = f"arn:aws:ecs:{REGION}:{ACCOUNT_ID}:cluster/main"
TASK = f"arn:aws:ecs:{REGION}:{ACCOUNT_ID}:task-definition/job:1"


def denied(account: Account) -> set[str]:
    """Return the actions that the problems of the account name."""
    return {problem.denial.need.action for problem in silent.problems(account.cloud)}


def check_each_right(account: Account, role: CloudResource, rights: Iterable[dict[str, Any]]) -> None:
    """Assert that all rights leave no problem, and that the lack of any one of them is reported by its action."""
    given = list(rights)
    set_policy(account, role, *given)
    assert denied(account) == set()
    assert len(given) > 0
    for right in given:
        set_policy(account, role, *(each for each in given if each is not right))
        assert denied(account) == set(right["Action"])


def add_task(
    account: Account, execution: CloudResource, container: dict[str, Any] | None = None, **inputs: Any
) -> None:
    """Add a task definition with one container, which has a public image unless `container` names another."""
    account.add_existing(
        "aws:ecs/taskDefinition:TaskDefinition",
        TASK,
        arn=TASK,
        family="job",
        revision=1,
        containerDefinitions=json.dumps([{"name": "job", "image": "public.ecr.aws/x/job:1", **(container or {})}]),
        executionRoleArn=execution.outputs["arn"],
        **inputs,
    )


def add_key(account: Account, policy: str) -> None:
    account.add_existing("aws:kms/key:Key", "1", arn=KEY, policy=policy)


def test_each_missing_right_of_a_flow_log_role_is_reported(account: Account) -> None:
    role = make_role(account, "flow", "vpc-flow-logs.amazonaws.com")
    account.add_existing(silent.FLOW_LOG, "fl-1", iamRoleArn=role.outputs["arn"], logDestination=GROUP)
    rights = [allow(f"logs:{each}", resource=f"{GROUP}:*") for each in ("CreateLogStream", "PutLogEvents")]
    rights += [allow("logs:DescribeLogStreams", resource=f"{GROUP}:*"), allow("logs:DescribeLogGroups")]
    check_each_right(account, role, rights)
    problem = next(silent.problems(account.cloud))
    assert problem.effect == "The flow log has the status 'Access error' and delivers nothing."


def test_flow_log_role_that_trusts_another_region_is_reported(account: Account) -> None:
    source = {"ArnLike": {"aws:SourceArn": f"arn:aws:ec2:us-east-1:{ACCOUNT_ID}:vpc-flow-log/*"}}
    policy = trust("vpc-flow-logs.amazonaws.com", **source)
    role = account.make(ROLE, "flow", name="flow", assumeRolePolicy=policy)
    set_policy(account, role, allow("logs:*"))
    account.add_existing(silent.FLOW_LOG, "fl-1", iamRoleArn=role.outputs["arn"], logDestination=GROUP)
    assert denied(account) == {"sts:AssumeRole"}


def test_each_missing_right_of_a_scheduler_role_is_reported(account: Account) -> None:
    role = make_role(account, "scheduler", "scheduler.amazonaws.com")
    execution = make_role(account, "execution", "ecs-tasks.amazonaws.com")
    add_task(account, execution)
    target = {"arn": CLUSTER, "roleArn": role.outputs["arn"], "ecsParameters": {"taskDefinitionArn": TASK}}
    account.add_existing(silent.SCHEDULE, "nightly", target=target)
    passed = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    rights = [
        allow(
            "ecs:RunTask", resource=f"{TASK.rpartition(':')[0]}:*", Condition={"ArnEquals": {"ecs:cluster": CLUSTER}}
        ),
        allow("iam:PassRole", resource=execution.outputs["arn"], Condition=passed),
    ]
    check_each_right(account, role, rights)
    rights[0]["Condition"] = {"ArnEquals": {"ecs:cluster": CLUSTER.replace("main", "other")}}
    set_policy(account, role, *rights)
    assert denied(account) == {"ecs:RunTask"}


def test_scheduled_task_that_cannot_pull_is_accepted_and_reported(account: Account) -> None:
    role = make_role(account, "scheduler", "scheduler.amazonaws.com", allow("*"))
    execution = make_role(account, "execution", "ecs-tasks.amazonaws.com")
    image = f"{ACCOUNT_ID}.dkr.ecr.{REGION}.amazonaws.com/job:1"
    account.add_existing(
        "aws:ecr/repository:Repository", "job", arn=f"arn:aws:ecr:{REGION}:{ACCOUNT_ID}:repository/job", name="job"
    )
    add_task(account, execution, container={"image": image})
    account.add_existing("aws:ecs/cluster:Cluster", CLUSTER, arn=CLUSTER)
    schedule = {
        "scheduleExpression": "rate(1 day)",
        "flexibleTimeWindow": {"mode": "OFF"},
        "target": {
            "arn": CLUSTER,
            "roleArn": role.outputs["arn"],
            "ecsParameters": {"taskDefinitionArn": TASK, "launchType": "EC2"},
        },
    }
    account.make(silent.SCHEDULE, "nightly", **schedule)
    found = [each for each in silent.problems(account.cloud) if each.resource.name == "nightly"]
    assert {each.denial.need.action for each in found} == {
        "ecr:GetAuthorizationToken",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
    }
    assert {each.effect for each in found} == {"Each scheduled task stops before its containers start."}


def test_each_missing_right_of_a_rotation_function_is_reported(account: Account) -> None:
    role = make_role(account, "rotation", "lambda.amazonaws.com")
    add_key(account, key_policy())
    account.add_existing("aws:secretsmanager/secret:Secret", SECRET, arn=SECRET, kmsKeyId=KEY)
    arn = role.outputs["arn"]
    account.add_existing(silent.FUNCTION, "rotate", arn=FUNCTION, name="rotate", role=arn)
    account.add_existing(silent.ROTATION, SECRET, secretId=SECRET, rotationLambdaArn=FUNCTION)
    names = ("DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage")
    via = {"StringEquals": {"kms:ViaService": f"secretsmanager.{REGION}.amazonaws.com"}}
    rights = [allow(f"secretsmanager:{name}", resource=SECRET) for name in names]
    rights += [allow(f"kms:{name}", resource=KEY, Condition=via) for name in ("Decrypt", "GenerateDataKey")]
    logs = f"arn:aws:logs:{REGION}:{ACCOUNT_ID}:log-group:/aws/lambda/rotate:*"
    rights += [allow(f"logs:{name}", resource=logs) for name in ("CreateLogStream", "PutLogEvents")]
    check_each_right(account, role, rights)


def test_each_missing_right_of_a_replication_role_is_reported(account: Account) -> None:
    role = make_role(account, "replication", "s3.amazonaws.com")
    for name in ("site", "copy"):
        account.add_existing("aws:s3/bucket:Bucket", name, arn=f"arn:aws:s3:::{name}", bucket=name)
    add_key(account, key_policy())
    encryption = {"applyServerSideEncryptionByDefault": {"kmsMasterKeyId": KEY, "sseAlgorithm": "aws:kms"}}
    account.add_existing(ENCRYPTION, "site", bucket="site", rules=[encryption])
    destination = {"bucket": COPY, "encryptionConfiguration": {"replicaKmsKeyId": KEY}}
    account.add_existing(
        silent.REPLICATION, "site", bucket="site", role=role.outputs["arn"], rules=[{"destination": destination}]
    )
    reads = ("GetObjectVersionForReplication", "GetObjectVersionAcl", "GetObjectVersionTagging")
    rights = [allow(f"s3:{name}", resource=BUCKET) for name in ("GetReplicationConfiguration", "ListBucket")]
    rights += [allow(f"s3:{name}", resource=f"{BUCKET}/*") for name in reads]
    rights += [allow(f"s3:Replicate{name}", resource=f"{COPY}/*") for name in ("Object", "Delete", "Tags")]
    rights += [allow("kms:Decrypt", resource=KEY), allow("kms:Encrypt", resource=KEY)]
    check_each_right(account, role, rights)


def test_bucket_policy_that_denies_replicas_is_named(account: Account) -> None:
    role = make_role(account, "replication", "s3.amazonaws.com", allow("s3:*"))
    account.add_existing("aws:s3/bucket:Bucket", "copy", arn=COPY, bucket="copy")
    denial = {
        "Sid": "NoReplicas",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:Replicate*",
        "Resource": f"{COPY}/*",
    }
    account.add_existing("aws:s3/bucketPolicy:BucketPolicy", "copy", bucket="copy", policy=document(denial))
    account.add_existing(
        silent.REPLICATION, "site", bucket="site", role=role.outputs["arn"], rules=[{"destination": {"bucket": COPY}}]
    )
    found = list(silent.problems(account.cloud))
    assert len(found) == 3
    assert "with an explicit deny in a resource-based policy (bucket policy 'copy', statement 'NoReplicas')" in (
        found[0].reason
    )


def test_backup_role_needs_both_managed_policies(account: Account) -> None:
    role = make_role(account, "backup", "backup.amazonaws.com")
    account.add_existing("aws:s3/bucket:Bucket", "site", arn=BUCKET, bucket="site")
    arn = role.outputs["arn"]
    account.add_existing(silent.SELECTION, "buckets", iamRoleArn=arn, resources=[BUCKET])
    account.add_existing(silent.RESTORE_SELECTION, "tests", iamRoleArn=arn, protectedResourceType="S3")
    effects = {problem.effect for problem in silent.problems(account.cloud)}
    assert effects == {"The backup jobs of the bucket fail.", "The restore tests fail."}
    attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    for name in ("AWSBackupServiceRolePolicyForS3Backup", "AWSBackupServiceRolePolicyForS3Restore"):
        account.make(attachment, name, role=role.id, policyArn=f"arn:aws:iam::aws:policy/{name}")
    assert denied(account) == set()


@pytest.mark.parametrize("type", [silent.ALARM, silent.COMPOSITE_ALARM, silent.BUDGET, silent.EVENT_TARGET])
def test_message_to_an_encrypted_topic_needs_topic_policy_and_key_policy(account: Account, type: str) -> None:
    service = {silent.BUDGET: "budgets", silent.EVENT_TARGET: "events"}.get(type, "cloudwatch") + ".amazonaws.com"
    account.add_existing("aws:sns/topic:Topic", TOPIC, arn=TOPIC, kmsMasterKeyId=KEY)
    inputs: dict[str, Any] = {"arn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT_ID}:alarm:cpu", "alarmActions": [TOPIC]}
    if type == silent.BUDGET:
        inputs = {"name": "monthly", "notifications": [{"subscriberSnsTopicArns": [TOPIC]}]}
    elif type == silent.EVENT_TARGET:
        inputs = {"arn": TOPIC, "rule": "daily"}
    account.add_existing(type, "sender", **inputs)
    add_key(account, key_policy())
    assert denied(account) == {"sns:Publish", "kms:Decrypt", "kms:GenerateDataKey"}
    publish = {**allow("sns:Publish", resource=TOPIC), "Principal": {"Service": service}}
    publish["Condition"] = {"StringEquals": {"aws:SourceAccount": ACCOUNT_ID}}
    account.add_existing("aws:sns/topicPolicy:TopicPolicy", TOPIC, arn=TOPIC, policy=document(publish))
    assert denied(account) == {"kms:Decrypt", "kms:GenerateDataKey"}
    key = account.cloud.get("aws:kms/key:Key", "1")
    assert key is not None
    account.cloud.remove(key)
    add_key(account, key_policy(service))
    assert denied(account) == set()


def test_alarm_with_a_source_condition_on_the_key_is_lost(account: Account) -> None:
    """CloudWatch sends no source account to KMS."""
    account.add_existing("aws:sns/topic:Topic", TOPIC, arn=TOPIC, kmsMasterKeyId=KEY)
    publish = {**allow("sns:Publish", resource=TOPIC), "Principal": {"Service": "cloudwatch.amazonaws.com"}}
    account.add_existing("aws:sns/topicPolicy:TopicPolicy", TOPIC, arn=TOPIC, policy=document(publish))
    use = {**allow("kms:*"), "Principal": {"Service": "cloudwatch.amazonaws.com"}}
    use["Condition"] = {"StringEquals": {"aws:SourceAccount": ACCOUNT_ID}}
    add_key(account, document(use))
    account.add_existing(silent.ALARM, "cpu", arn="arn:aws:cloudwatch:::alarm:cpu", alarmActions=[TOPIC])
    assert denied(account) == {"kms:Decrypt", "kms:GenerateDataKey"}


def test_topic_with_the_aws_managed_key_gets_no_alarm(account: Account) -> None:
    topic = account.make("aws:sns/topic:Topic", "alarms", name="alarms", kmsMasterKeyId="alias/aws/sns")
    account.add_existing(silent.ALARM, "cpu", arn="arn:aws:cloudwatch:::alarm:cpu", alarmActions=[topic.outputs["arn"]])
    (problem,) = silent.problems(account.cloud)
    assert problem.reason.startswith("The AWS managed key alias/aws/sns does not allow services.")
    assert problem.effect == "The message does not reach the topic 'alarms'."


def test_default_topic_policy_allows_the_alarms_of_its_account(account: Account) -> None:
    topic = account.make("aws:sns/topic:Topic", "alarms", name="alarms")
    account.add_existing(silent.ALARM, "cpu", arn="arn:aws:cloudwatch:::alarm:cpu", alarmActions=[topic.outputs["arn"]])
    assert denied(account) == set()


def test_log_delivery_fails_only_with_an_explicit_deny(account: Account) -> None:
    """AWS adds the statement that allows the delivery."""
    account.add_existing("aws:s3/bucket:Bucket", "site", arn=BUCKET, bucket="site")
    destination = "arn:aws:logs:us-east-1:123456789012:delivery-destination:logs"
    configuration = {"destinationResourceArn": BUCKET}
    account.add_existing(silent.DESTINATION, "logs", arn=destination, deliveryDestinationConfiguration=configuration)
    account.add_existing(silent.DELIVERY, "logs", deliveryDestinationArn=destination, deliverySourceName="site")
    assert denied(account) == set()
    denial = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"{BUCKET}/*"}
    account.add_existing("aws:s3/bucketPolicy:BucketPolicy", "site", bucket="site", policy=document(denial))
    assert denied(account) == {"s3:PutObject"}


def test_missing_rights_of_a_running_task_are_reported_with_their_effect(account: Account) -> None:
    execution = make_role(account, "execution", "ecs-tasks.amazonaws.com", allow("logs:CreateLogStream"))
    own = make_role(account, "own", "ecs-tasks.amazonaws.com")
    options = {"awslogs-group": "/ecs/job", "awslogs-region": REGION}
    logging = {"logConfiguration": {"logDriver": "awslogs", "options": options}}
    add_task(account, execution, container=logging, taskRoleArn=own.outputs["arn"])
    account.add_existing(silent.SERVICE, "api", taskDefinition=TASK, enableExecuteCommand=True)
    effects = {problem.denial.need.action: problem.effect for problem in silent.problems(account.cloud)}
    assert effects["logs:PutLogEvents"] == "The log of container job is lost."
    assert effects["ssmmessages:OpenDataChannel"] == "ECS Exec cannot open a session in the task."
    set_policy(account, execution, allow("logs:*"))
    set_policy(account, own, allow("ssmmessages:*"))
    assert denied(account) == set()


def test_blue_green_role_needs_the_managed_policy_for_load_balancers(account: Account) -> None:
    role = make_role(account, "deployment", "ecs.amazonaws.com")
    rule = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener-rule/app/main/1/2/3"
    group = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/green/1"
    advanced = {"roleArn": role.outputs["arn"], "productionListenerRule": rule, "alternateTargetGroupArn": group}
    account.add_existing(silent.SERVICE, "api", loadBalancers=[{"advancedConfiguration": advanced}])
    assert "elasticloadbalancing:ModifyRule" in denied(account)
    name = "AmazonECSInfrastructureRolePolicyForLoadBalancers"
    attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    account.make(attachment, name, role=role.id, policyArn=f"arn:aws:iam::aws:policy/{name}")
    assert denied(account) == set()
