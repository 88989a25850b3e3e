"""The policies in the sandbox that apply to a caller and to a resource."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from tierup.sandbox.cloud import Cloud, CloudResource

from ..arns import account_of, region_of, service_of
from ..secret_replicas import secret_at
from .documents import Statement, UnreadablePolicyError, statements
from .managed_documents import managed_document

ROLE = "aws:iam/role:Role"
USER = "aws:iam/user:User"
TRUST_ACTIONS: Final = ("sts:AssumeRole", "sts:TagSession")
"""The prefixes of actions that a role's trust policy must allow."""
_POLICY = "aws:iam/policy:Policy"

Document = tuple[str, Any]
"""A policy's name for messages, and its document (text or parsed); None if the sandbox does not know it."""


class Found:
    """Statements, and the names of policies whose statements the sandbox does not know."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self.statements: list[Statement] = []
        self.unreadable: list[str] = []
        for name, document in documents:
            try:
                if document is None:
                    raise UnreadablePolicyError(name)
                self.statements += statements(document, name)
            except UnreadablePolicyError:
                self.unreadable.append(name)


def role(cloud: Cloud, arn: str) -> CloudResource | None:
    """Return the role with an ARN."""
    return next(cloud.find(ROLE, arn=arn), None)


def identity_documents(cloud: Cloud, caller: str) -> Iterator[Document]:
    """Yield the identity-based policies of a role or user: inline, attached, and those in the role's own inputs."""
    for kind, own_type in (("role", ROLE), ("user", USER)):
        owner = next(cloud.find(own_type, arn=caller), None)
        if owner is None:
            continue
        names = {owner.id, owner.outputs.get("name"), caller}
        for inline in cloud.find(f"aws:iam/{kind}Policy:{kind.title()}Policy"):
            if inline.inputs.get(kind) in names and inline.account == owner.account:
                yield f"policy '{inline.outputs.get('name')}'", inline.inputs.get("policy")
        for at, each in enumerate(owner.inputs.get("inlinePolicies") or (), 1):
            yield f"inline policy '{each.get('name', at)}'", each.get("policy")
        attached = [str(arn) for arn in owner.inputs.get("managedPolicyArns") or ()]
        attached += [
            str(each.inputs.get("policyArn"))
            for each in cloud.find(f"aws:iam/{kind}PolicyAttachment:{kind.title()}PolicyAttachment")
            if each.inputs.get(kind) in names and each.account == owner.account
        ]
        attached += [
            str(each.inputs.get("policyArn"))
            for each in cloud.find("aws:iam/policyAttachment:PolicyAttachment")
            if names & {*(each.inputs.get(f"{kind}s") or ())}
        ]
        for arn in dict.fromkeys(attached):
            yield _managed(cloud, arn)


def boundary_document(cloud: Cloud, caller: str) -> Document | None:
    """Return the permissions boundary of a role or user, or None if it has none."""
    owner = next(cloud.find((ROLE, USER), arn=caller), None)
    arn = owner.inputs.get("permissionsBoundary") if owner else None
    return _managed(cloud, str(arn)) if arn else None


def _managed(cloud: Cloud, arn: str) -> Document:
    name = f"policy '{arn.rpartition('/')[2]}'"
    if account_of(arn) == "aws":
        return name, managed_document(arn)
    found = next(cloud.find(_POLICY, arn=arn), None)
    return name, found.inputs.get("policy") if found else None


# --- resource-based policies ---


def resource_documents(cloud: Cloud, arn: str) -> list[Document] | None:
    """Return the policies of the resource with an ARN, or None if a resource of its kind has no policy here."""
    reader = _READERS.get(service_of(arn))
    return list(reader(cloud, arn)) if reader is not None else None


def needs_resource_policy(arn: str, action: str) -> bool:
    """Return whether an identity-based policy alone does not suffice: for KMS keys, and to assume a role."""
    return service_of(arn) == "kms" or action.startswith(TRUST_ACTIONS)


def resource_account(cloud: Cloud, arn: str) -> str:
    """Return the account of a resource; that of a bucket, whose ARN has none, is looked up. "" if it is not known."""
    if service_of(arn) == "s3":
        found = cloud.get(BUCKET, _bucket_name(arn))
        return found.account if found else ""
    account = account_of(arn)
    return account if account.isdecimal() else ""


BUCKET: Final = "aws:s3/bucket:Bucket"
KEY: Final = "aws:kms/key:Key"
TOPIC: Final = "aws:sns/topic:Topic"
SECRET: Final = "aws:secretsmanager/secret:Secret"  # noqa: S105  # a type token
_PERMISSION = "aws:lambda/permission:Permission"


def _bucket_name(arn: str) -> str:
    return arn.split(":", 5)[-1].partition("/")[0]


def _own_or_separate(
    cloud: Cloud, owner: CloudResource | None, separate: str, *, title: str, keys: Mapping[str, Any]
) -> Iterator[Document]:
    """Yield the policy that a separate resource sets, else that in the owner's own properties.

    The policy of a resource that the sandbox does not have is unknown.
    """
    for by, value in keys.items():
        for each in cloud.find(separate):
            if each.inputs.get(by) == value:
                yield f"{title} policy '{each.name}'", each.inputs.get("policy")
                return
    if owner is None:
        yield f"the {title} policy of a resource outside the sandbox", None
    elif own := owner.outputs.get("policy"):
        yield f"{title} policy of '{owner.name}'", own


RESTORE_TEST_BUCKET: Final = "awsbackup-restore-test-"
"""The beginning of the names of the buckets that AWS Backup creates for restore tests, which have no policy."""


def _of_bucket(cloud: Cloud, arn: str) -> Iterator[Document]:
    name = _bucket_name(arn)
    if name.startswith(RESTORE_TEST_BUCKET):
        return iter(())
    return _own_or_separate(
        cloud, cloud.get(BUCKET, name), "aws:s3/bucketPolicy:BucketPolicy", title="bucket", keys={"bucket": name}
    )


def _of_key(cloud: Cloud, arn: str) -> Iterator[Document]:
    _, managed, service = arn.partition(":alias/aws/")
    if managed:
        # The policy of an AWS managed key allows the principals of its account through its service, and no service, as
        # https://docs.aws.amazon.com/kms/latest/developerguide/services-wm.html shows it for WorkMail (read 2026-11-28)
        caller = {"kms:CallerAccount": account_of(arn), "kms:ViaService": f"{service}.{region_of(arn)}.amazonaws.com"}
        statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "kms:*", "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": {**statement, "Condition": {"StringEquals": caller}}}
        return iter([(f"policy of the AWS managed key alias/aws/{service}", document)])
    key = next(cloud.find(KEY, arn=arn), None)
    keys = {"keyId": key.id} if key else {}
    return _own_or_separate(cloud, key, "aws:kms/keyPolicy:KeyPolicy", title="key", keys=keys)


def _of_topic(cloud: Cloud, arn: str) -> Iterator[Document]:
    topic = next(cloud.find(TOPIC, arn=arn), None)
    return _own_or_separate(cloud, topic, "aws:sns/topicPolicy:TopicPolicy", title="topic", keys={"arn": arn})


def _of_secret(cloud: Cloud, arn: str) -> Iterator[Document]:
    secret = secret_at(cloud.find, arn)
    arn = str(secret.outputs.get("arn")) if secret else arn
    return _own_or_separate(
        cloud, secret, "aws:secretsmanager/secretPolicy:SecretPolicy", title="secret", keys={"secretArn": arn}
    )


def _of_repository(cloud: Cloud, arn: str) -> Iterator[Document]:
    repository = next(cloud.find("aws:ecr/repository:Repository", arn=arn), None)
    keys = {"repository": repository.id} if repository else {}
    return _own_or_separate(
        cloud, repository, "aws:ecr/repositoryPolicy:RepositoryPolicy", title="repository", keys=keys
    )


def _of_function(cloud: Cloud, arn: str) -> Iterator[Document]:
    """Yield the function's policy, of which each lambda.Permission is one statement."""
    function = next(cloud.find("aws:lambda/function:Function", arn=arn), None)
    names = {arn, *((function.id, function.outputs.get("name")) if function else ())}
    for each in cloud.find(_PERMISSION):
        if each.inputs.get("function") in names:
            yield f"function policy '{each.name}'", {"Version": "2012-10-17", "Statement": _permission(each, arn)}


def _permission(given: CloudResource, function_arn: str) -> dict[str, Any]:
    principal = str(given.inputs.get("principal"))
    tests: dict[str, dict[str, Any]] = {}
    if account := given.inputs.get("sourceAccount"):
        tests.setdefault("StringEquals", {})["AWS:SourceAccount"] = account
    if source := given.inputs.get("sourceArn"):
        tests.setdefault("ArnLike", {})["AWS:SourceArn"] = source
    if organization := given.inputs.get("principalOrgId"):
        tests.setdefault("StringEquals", {})["aws:PrincipalOrgID"] = organization
    return {
        "Sid": str(given.inputs.get("statementId") or given.name),
        "Effect": "Allow",
        "Principal": {"Service" if principal.endswith(".amazonaws.com") else "AWS": principal},
        "Action": given.inputs.get("action"),
        "Resource": function_arn,
        "Condition": tests,
    }


def _of_role(cloud: Cloud, arn: str) -> Iterator[Document]:
    found = role(cloud, arn)
    yield "trust policy", found.inputs.get("assumeRolePolicy") if found else None


def _of_logs(cloud: Cloud, arn: str) -> Iterator[Document]:
    """Yield the resource policies of CloudWatch Logs, which belong to an account and region, not to a log group."""
    for each in cloud.find("aws:cloudwatch/logResourcePolicy:LogResourcePolicy"):
        if each.account == account_of(arn) and each.region == region_of(arn):
            yield f"logs policy '{each.name}'", each.inputs.get("policyDocument")


def _of_queue(cloud: Cloud, arn: str) -> Iterator[Document]:
    queue = next(cloud.find("aws:sqs/queue:Queue", arn=arn), None)
    keys = {"queueUrl": queue.id} if queue else {}
    return _own_or_separate(cloud, queue, "aws:sqs/queuePolicy:QueuePolicy", title="queue", keys=keys)


_READERS: Final[Mapping[str, Callable[[Cloud, str], Iterator[Document]]]] = {
    "s3": _of_bucket,
    "kms": _of_key,
    "sns": _of_topic,
    "sqs": _of_queue,
    "secretsmanager": _of_secret,
    "ecr": _of_repository,
    "lambda": _of_function,
    "logs": _of_logs,
    "iam": _of_role,
}
"""The reader of a resource's policies, by the service in its ARN."""


def endpoint_document(cloud: Cloud, endpoint_id: str) -> Document | None:
    """Return the policy of a VPC endpoint; None if the endpoint has none, which allows everything."""
    found = cloud.get("aws:ec2/vpcEndpoint:VpcEndpoint", endpoint_id)
    policy = found.outputs.get("policy") if found is not None else None
    if not policy:
        return None
    return f"policy of VPC endpoint {endpoint_id}", json.loads(policy) if isinstance(policy, str) else policy
