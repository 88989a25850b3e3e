"""IAM: access keys of users and service-linked roles."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Quota, Rejection, Stage, rule
from .iam import QUOTAS, to_policy
from .managed_policies import managed_policy_exists
from .policy_documents import policy_document
from .service_references import token
from .sources import quoted, sdk

_WITHOUT_SUFFIX = frozenset(
    {
        "ecs", "ecs.application-autoscaling", "eks", "elasticache", "elasticloadbalancing", "es", "opensearchservice",
        "organizations", "rds", "replicator.lambda", "spot", "spotfleet", "transitgateway",
    }
)  # fmt: skip


@rule(
    "service-linked-role-suffix",
    Stage.PLAN,
    source=quoted("Custom suffix is not allowed for SERVICE"),  # the services are from memory
)
def _suffix(call: Call) -> Iterator[Rejection]:
    service = str(call.get("awsServiceName")).removesuffix(".amazonaws.com")
    if call.get("customSuffix") and service in _WITHOUT_SUFFIX:
        yield Rejection(
            "customSuffix", f"Custom suffix is not allowed for {call.get('awsServiceName')}.", "InvalidInput"
        )


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="aws:iam/accessKey:AccessKey",
        source=sdk("iam/accesskey"),
        quotas=(Quota(limit=2, per="user", what="access keys per user", code="LimitExceeded", source=QUOTAS),),
    ),
    *(
        Behaviour(
            type=token(f"iam.{name}"),
            source=sdk(f"iam/{name.lower()}"),
            references=(to_policy("policyArn"),),
            rules=(managed_policy_exists("policyArn"),),
        )
        for name in ("GroupPolicyAttachment", "PolicyAttachment", "UserPolicyAttachment")
    ),
    *(
        Behaviour(
            type=token(f"iam.{name}"),
            source=sdk(f"iam/{name.lower()}"),
            rules=(policy_document("policy", "identity"),),
        )
        for name in ("GroupPolicy", "UserPolicy")
    ),
    Behaviour(
        type="aws:iam/serviceLinkedRole:ServiceLinkedRole", source=sdk("iam/servicelinkedrole"), rules=(_suffix,)
    ),
)
