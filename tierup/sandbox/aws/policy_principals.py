"""Principals of resource policies: a role or user of the account that a policy names must exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import Behaviour, BehaviourRule, Call, Plain, Rejection, assumed, rule
from .network import APPLY
from .policy_documents import listed, statements_of

_SOURCE = assumed(
    "from memory; to check: "
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html: AWS transforms the"
    " ARN of a role or user to its id when the policy is saved, which fails if it does not exist; the providers retry"
)
_PRINCIPAL = re.compile(r"arn:aws[^:]*:iam::(?P<account>\d{12}):(?P<kind>role|user)/(?P<path>.+)")
_OF_SERVICES = re.compile(r"aws-service-role/|aws-reserved/|AWSServiceRole|service-role/")
_TYPES = {"role": "aws:iam/role:Role", "user": "aws:iam/user:User"}


def principals_exist(path: str, code: str) -> BehaviourRule:
    """Return the rule that the roles and users that the policy at `path` names exist."""

    @rule("principal-of-policy-exists", *APPLY, source=_SOURCE)
    def check(call: Call) -> Iterator[Rejection]:
        for arn in sorted(set(_principals(call.get(path)))):
            found = _PRINCIPAL.fullmatch(arn)
            if found is None or found["account"] != call.account or _OF_SERVICES.match(found["path"]):
                continue
            if "*" in arn or next(call.cloud.find(_TYPES[found["kind"]], arn=arn), None) is not None:
                continue
            what = _TYPES[found["kind"]].rpartition(":")[2]
            yield Rejection(path, f"Invalid principal in policy: the {what} '{arn}' does not exist", code, retried=True)

    return check


def _principals(policy: Plain) -> Iterator[str]:
    for statement in statements_of(policy):
        principal = statement.get("Principal")
        for each in listed(principal.get("AWS") if isinstance(principal, dict) else None):
            if isinstance(each, str):
                yield each


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = tuple(
    Behaviour(type=type, source=_SOURCE, rules=(principals_exist(path, code),))
    for type, path, code in (
        ("aws:iam/role:Role", "assumeRolePolicy", "MalformedPolicyDocument"),
        ("aws:kms/key:Key", "policy", "MalformedPolicyDocumentException"),
        ("aws:kms/keyPolicy:KeyPolicy", "policy", "MalformedPolicyDocumentException"),
        ("aws:s3/bucketPolicy:BucketPolicy", "policy", "MalformedPolicy"),
        ("aws:secretsmanager/secretPolicy:SecretPolicy", "policy", "MalformedPolicyDocumentException"),
        ("aws:sns/topicPolicy:TopicPolicy", "policy", "InvalidParameter"),
        ("aws:sqs/queuePolicy:QueuePolicy", "policy", "InvalidAttributeValue"),
        ("aws:ecr/repositoryPolicy:RepositoryPolicy", "policy", "InvalidParameterException"),
        ("aws:efs/fileSystemPolicy:FileSystemPolicy", "policy", "InvalidPolicyException"),
    )
)
