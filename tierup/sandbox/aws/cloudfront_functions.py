"""CloudFront: functions and VPC origins."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import (
    Behaviour,
    Call,
    Quota,
    Reference,
    Rejection,
    Stage,
    assumed,
    rule,
)
from .cloudfront import FUNCTION, QUOTAS, VPC_ORIGIN, etag_of, name_rule
from .same_scope import known
from .sources import api, created_only, sdk

_LARGEST_BYTES = 10_240
_SIZE = assumed(
    "10 KB is the quota of a function, below the 40,960 bytes of FunctionBlob in the API model (botocore 1.44, read"
    " 2026-11-28); page to check:"
    " https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html"
)


@rule("function-size-and-stores", Stage.PLAN, source=_SIZE)
def _function(call: Call) -> Iterator[Rejection]:
    code = known(call, "code")
    if isinstance(code, str) and not 1 <= len(code.encode()) <= _LARGEST_BYTES:
        yield Rejection(
            "code",
            f"invalid size (got {len(code.encode()):,} bytes). Allowed are 1 to {_LARGEST_BYTES:,} bytes.",
            "FunctionSizeLimitExceeded",
        )
    stores = known(call, "keyValueStoreAssociations")
    if isinstance(stores, list) and len(stores) > 1:
        yield Rejection(
            "keyValueStoreAssociations",
            f"too many key value stores (got {len(stores)}). A function has at most one.",
            "InvalidArgument",
        )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=FUNCTION,
        source=sdk("cloudfront/function"),
        regional=False,
        id=lambda call: call.inputs["name"],
        outputs={
            "arn": lambda call: f"arn:aws:cloudfront::{call.account}:function/{call.id}",
            "publish": True,
            "status": lambda call: "UNPUBLISHED" if call.get("publish") is False else "UNASSOCIATED",
        },
        derived={"etag": etag_of, "liveStageEtag": etag_of},
        replaces=frozenset({"name"}),
        replace_source=created_only("AWS::CloudFront::Function"),
        enums={"runtime": ("cloudfront-js-1.0", "cloudfront-js-2.0")},
        name=name_rule(64, "FunctionAlreadyExists", pattern=r"[a-zA-Z0-9-_]+"),
        quotas=(
            Quota(limit=100, per="account", what="functions per account", code="TooManyFunctions", source=QUOTAS),
        ),
        rules=(_function,),
    ),
    Behaviour(
        type=VPC_ORIGIN,
        source=sdk("cloudfront/vpcorigin"),
        regional=False,
        id="vo_{hex22}",
        outputs={"arn": "arn:aws:cloudfront::{account}:vpcorigin/{id}"},
        derived={"etag": etag_of},
        enums={"vpcOriginEndpointConfig.originProtocolPolicy": ("http-only", "https-only", "match-viewer")},
        ranges={"vpcOriginEndpointConfig.httpPort": (1, 65_535), "vpcOriginEndpointConfig.httpsPort": (1, 65_535)},
        references=(
            Reference(
                path="vpcOriginEndpointConfig.arn",
                to="aws:lb/loadBalancer:LoadBalancer",
                by="arn",
                external=r"arn:aws[^:]*:ec2:.*:instance/.+",
                same_region=False,
                code="EntityNotFound",
                in_use="OperationNotPermitted",
                source=api("cloudfront", "CreateVpcOrigin"),
            ),
        ),
    ),
)  # fmt: skip
