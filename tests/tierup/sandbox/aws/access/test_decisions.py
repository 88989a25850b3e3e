"""`decide` reads every kind of policy from the cloud."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.access import Outcome, decide
from tierup.sandbox.aws.iam import POLICY, ROLE, ROLE_POLICY_ATTACHMENT

from ..account import Account
from ..policy_inputs import ACCOUNT_ID, allow, document, key_policy, make_role, trust

ROLE_ARN = f"arn:aws:iam::{ACCOUNT_ID}:role/app"
OTHER_ACCOUNT = "arn:aws:iam::444455556666:role/app"
BUCKET = "arn:aws:s3:::site"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT_ID}:key/1"
SERVICE = "cloudfront.amazonaws.com"


def add_bucket(account: Account, policy: str = "") -> None:
    account.add_existing("aws:s3/bucket:Bucket", "site", arn=BUCKET, bucket="site")
    if policy:
        account.add_existing("aws:s3/bucketPolicy:BucketPolicy", "site", bucket="site", policy=policy)


def read(account: Account, caller: str = ROLE_ARN, **context: Any) -> Outcome:
    return decide(caller, "s3:GetObject", f"{BUCKET}/index.html", context, account.cloud).outcome


def principal(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {**allow("s3:GetObject", resource=f"{BUCKET}/*"), "Principal": {kind: name}, **more}


def test_role_reads_by_its_inline_policy(account: Account) -> None:
    add_bucket(account)
    make_role(account, "app", "ecs-tasks.amazonaws.com", allow("s3:GetObject", resource=f"{BUCKET}/*"))
    assert read(account) is Outcome.ALLOWED
    decision = decide(ROLE_ARN, "s3:PutObject", f"{BUCKET}/index.html", {}, account.cloud)
    assert decision.reason == "because no identity-based policy allows the s3:PutObject action"


def test_role_reads_by_a_customer_managed_policy(account: Account) -> None:
    add_bucket(account)
    role = make_role(account, "app", "ecs-tasks.amazonaws.com")
    policy = account.make(POLICY, "read", name="read", policy=document(allow("s3:Get*")))
    assert read(account) is Outcome.DENIED
    account.make(ROLE_POLICY_ATTACHMENT, "read", role=role.id, policyArn=policy.outputs["arn"])
    assert read(account) is Outcome.ALLOWED


def test_role_reads_by_the_policies_in_its_own_inputs(account: Account) -> None:
    add_bucket(account)
    inline = [{"name": "read", "policy": document(allow("s3:Get*"))}]
    account.make(ROLE, "app", name="app", assumeRolePolicy=trust("ec2.amazonaws.com"), inlinePolicies=inline)
    assert read(account) is Outcome.ALLOWED


def test_managed_policy_that_the_table_does_not_have_is_unknown(account: Account) -> None:
    add_bucket(account)
    role = make_role(account, "app", "ecs-tasks.amazonaws.com")
    arn = "arn:aws:iam::aws:policy/AWSElasticBeanstalkReadOnly"
    account.make(ROLE_POLICY_ATTACHMENT, "read", role=role.id, policyArn=arn)
    decision = decide(ROLE_ARN, "s3:GetObject", f"{BUCKET}/index.html", {}, account.cloud)
    assert (decision.outcome, "AWSElasticBeanstalkReadOnly" in decision.reason) == (Outcome.UNKNOWN, True)


def test_permissions_boundary_limits_the_inline_policy_of_a_role(account: Account) -> None:
    add_bucket(account)
    boundary = account.make(POLICY, "limit", name="limit", policy=document(allow("ecs:*")))
    limits = {"permissionsBoundary": boundary.outputs["arn"]}
    inline = [{"name": "read", "policy": document(allow("s3:*"))}]
    trusted = trust("ec2.amazonaws.com")
    account.make(ROLE, "app", name="app", assumeRolePolicy=trusted, inlinePolicies=inline, **limits)
    assert read(account) is Outcome.DENIED


def test_bucket_policy_allows_a_service_for_its_source_only(account: Account) -> None:
    source = {"StringEquals": {"AWS:SourceArn": f"arn:aws:cloudfront::{ACCOUNT_ID}:distribution/E1"}}
    add_bucket(account, document(principal("Service", SERVICE, Condition=source)))
    own = {"aws:SourceArn": f"arn:aws:cloudfront::{ACCOUNT_ID}:distribution/E1"}
    assert read(account, SERVICE, **own) is Outcome.ALLOWED
    assert read(account, SERVICE, **{"aws:SourceArn": own["aws:SourceArn"].replace("E1", "E2")}) is Outcome.DENIED
    assert read(account, SERVICE) is Outcome.DENIED
    assert read(account, "anonymous") is Outcome.DENIED


def test_bucket_policy_for_everyone_allows_the_listed_addresses_only(account: Account) -> None:
    address = {"IpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}}
    add_bucket(account, document(principal("AWS", "*", Condition=address)))
    assert read(account, "anonymous", **{"aws:SourceIp": "203.0.113.9"}) is Outcome.ALLOWED
    assert read(account, "anonymous", **{"aws:SourceIp": "198.51.100.1"}) is Outcome.DENIED
    assert read(account, "anonymous") is Outcome.UNKNOWN


def test_bucket_policy_denies_plain_http(account: Account) -> None:
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    denial = {"Sid": "TlsOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"{BUCKET}/*"}
    add_bucket(account, document(principal("AWS", "*"), {**denial, "Condition": insecure}))
    assert read(account, "anonymous") is Outcome.ALLOWED
    assert read(account, "anonymous", **{"aws:SecureTransport": "false"}) is Outcome.DENIED


def test_role_of_another_account_needs_the_bucket_policy_and_its_own(account: Account) -> None:
    """The sandbox does not have the policies of another account's role."""
    add_bucket(account, document(principal("AWS", "arn:aws:iam::444455556666:root")))
    assert read(account, OTHER_ACCOUNT) is Outcome.DENIED
    assert read(account, "arn:aws:iam::444455556666:root") is Outcome.ALLOWED
    assert read(account, "arn:aws:iam::777788889999:root") is Outcome.DENIED


def test_resource_outside_the_sandbox_is_unknown(account: Account) -> None:
    make_role(account, "app", "ecs-tasks.amazonaws.com")
    assert read(account) is Outcome.UNKNOWN


def test_endpoint_policy_applies_to_requests_through_the_endpoint(account: Account) -> None:
    add_bucket(account)
    make_role(account, "app", "ecs-tasks.amazonaws.com", allow("s3:*"))
    only_ecr = {**allow("s3:GetObject", resource="arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/*")}
    policy = document({**only_ecr, "Principal": "*"})
    account.add_existing("aws:ec2/vpcEndpoint:VpcEndpoint", "vpce-1", policy=policy)
    account.add_existing("aws:ec2/vpcEndpoint:VpcEndpoint", "vpce-2")
    assert read(account, **{"aws:SourceVpce": "vpce-1"}) is Outcome.DENIED
    assert read(account, **{"aws:SourceVpce": "vpce-2"}) is Outcome.ALLOWED


def test_function_policy_is_its_permissions(account: Account) -> None:
    function = f"arn:aws:lambda:eu-west-1:{ACCOUNT_ID}:function:rotate"
    account.add_existing("aws:lambda/function:Function", "rotate", arn=function, name="rotate")
    permission = {"function": "rotate", "action": "lambda:InvokeFunction", "principal": "events.amazonaws.com"}
    account.add_existing("aws:lambda/permission:Permission", "p", **permission, sourceArn="arn:aws:events:*:*:rule/a")

    def invoked(rule: str) -> bool:
        context = {"aws:SourceArn": f"arn:aws:events:eu-west-1:{ACCOUNT_ID}:rule/{rule}"}
        return decide("events.amazonaws.com", "lambda:InvokeFunction", function, context, account.cloud).allowed

    assert (invoked("a"), invoked("b")) == (True, False)


@pytest.mark.parametrize(
    ("type", "inputs", "action", "arn"),
    [
        ("aws:sqs/queuePolicy:QueuePolicy", {"queueUrl": "queue"}, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:1:queue"),
        (
            "aws:ecr/repositoryPolicy:RepositoryPolicy",
            {"repository": "queue"},
            "ecr:BatchGetImage",
            "arn:aws:ecr:eu-west-1:1:repository/queue",
        ),
        (
            "aws:secretsmanager/secretPolicy:SecretPolicy",
            {"secretArn": "arn:aws:secretsmanager:eu-west-1:1:secret:queue"},
            "secretsmanager:GetSecretValue",
            "arn:aws:secretsmanager:eu-west-1:1:secret:queue",
        ),
    ],
)
def test_policy_of_a_queue_repository_or_secret_allows_a_service(
    account: Account, type: str, inputs: dict[str, str], action: str, arn: str
) -> None:
    owner = {
        "sqs": "aws:sqs/queue:Queue",
        "ecr": "aws:ecr/repository:Repository",
        "secretsmanager": "aws:secretsmanager/secret:Secret",
    }[action.partition(":")[0]]
    account.add_existing(owner, "queue", arn=arn)
    service = "events.amazonaws.com"
    assert decide(service, action, arn, {}, account.cloud).denied
    statement = {**allow(action), "Principal": {"Service": service}}
    account.add_existing(type, "policy", **inputs, policy=document(statement))
    assert decide(service, action, arn, {}, account.cloud).allowed


def test_logs_policy_belongs_to_account_and_region(account: Account) -> None:
    statement = {**allow("logs:PutLogEvents"), "Principal": {"Service": "es.amazonaws.com"}}
    policy = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
    account.add_existing(policy, "es", policyDocument=document(statement))
    group = f"arn:aws:logs:eu-west-1:{ACCOUNT_ID}:log-group:es:*"
    assert decide("es.amazonaws.com", "logs:PutLogEvents", group, {}, account.cloud).allowed
    elsewhere = group.replace("eu-west-1", "eu-west-2")
    assert decide("es.amazonaws.com", "logs:PutLogEvents", elsewhere, {}, account.cloud).denied


def test_aws_managed_key_allows_its_account_through_its_service_only(account: Account) -> None:
    make_role(account, "app", "ecs-tasks.amazonaws.com")
    key = f"arn:aws:kms:eu-west-1:{ACCOUNT_ID}:alias/aws/secretsmanager"
    through = {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}
    assert decide(ROLE_ARN, "kms:Decrypt", key, through, account.cloud).allowed
    assert decide(ROLE_ARN, "kms:Decrypt", key, {}, account.cloud).denied
    assert decide("cloudwatch.amazonaws.com", "kms:Decrypt", key, {}, account.cloud).denied


def test_key_policy_of_a_separate_resource_replaces_that_of_the_key(account: Account) -> None:
    account.add_existing("aws:kms/key:Key", "1", arn=KEY, policy=key_policy("logs.eu-west-1.amazonaws.com"))
    caller = "logs.eu-west-1.amazonaws.com"
    assert decide(caller, "kms:Decrypt", KEY, {}, account.cloud).allowed
    account.add_existing("aws:kms/keyPolicy:KeyPolicy", "1", keyId="1", policy=key_policy())
    assert decide(caller, "kms:Decrypt", KEY, {}, account.cloud).denied


def test_root_user_may_do_what_the_key_policy_allows(account: Account) -> None:
    account.add_existing("aws:kms/key:Key", "1", arn=KEY, policy=key_policy())
    root = f"arn:aws:iam::{ACCOUNT_ID}:root"
    assert decide(root, "kms:Decrypt", KEY, {}, account.cloud).allowed


def test_trust_policy_with_an_unknown_condition_key_is_unknown(account: Account) -> None:
    test = {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:a/b"}}
    role = account.make(ROLE, "app", name="app", assumeRolePolicy=trust("ec2.amazonaws.com", **test))
    found = decide("ec2.amazonaws.com", "sts:AssumeRole", role.outputs["arn"], {}, account.cloud)
    assert found.outcome is Outcome.UNKNOWN
