"""AWS WAF: associations and logging of web ACLs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import (
    Behaviour,
    Call,
    Reference,
    Rejection,
    Stage,
    assumed,
    located,
    rule,
)
from .arns import region_of
from .same_scope import known, others_in_region
from .sources import api, created_only, schema_of, sdk
from .wafv2 import IN_USE, INVALID, MISSING, WEB_ACL

_LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"

_LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"

_BUCKET = "aws:s3/bucket:Bucket"

_LOGGING = api("wafv2", "PutLoggingConfiguration")


@rule("association-is-regional", Stage.CREATE, source=api("wafv2", "AssociateWebACL"))
def _regional(call: Call) -> Iterator[Rejection]:
    acl = next(call.nearby(WEB_ACL, arn=call.get("webAclArn")), None)
    if acl is not None and acl.inputs.get("scope") == "CLOUDFRONT":
        yield Rejection(
            "webAclArn",
            f"'{acl.name}' has scope CLOUDFRONT. Set it as a distribution's webAclId. An association"
            " requires scope REGIONAL.",
            INVALID,
        )


@rule(
    "one-web-acl-a-resource",
    Stage.CREATE,
    source=assumed("WAF silently replaces a resource's web ACL; the sandbox rejects the second association"),
)
def _one_acl(call: Call) -> Iterator[Rejection]:
    for other in others_in_region(call, call.type, resourceArn=call.get("resourceArn")):
        yield Rejection(
            "resourceArn", f"the resource already has a web ACL, by '{other.name}'", "WAFInvalidOperationException"
        )


@rule("log-destination-name", Stage.PLAN, source=_LOGGING)
def _log_names(call: Call) -> Iterator[Rejection]:
    destinations = known(call, "logDestinationConfigs")
    if isinstance(destinations, list) and len(destinations) != 1:
        yield Rejection(
            "logDestinationConfigs",
            f"too many destinations (got {len(destinations)}). A web ACL has one log destination.",
            INVALID,
        )
    for at, value in located(call.inputs, "logDestinationConfigs[*]"):
        if not isinstance(value, str):
            continue
        name = re.split(r":log-group:|:deliverystream/|:::", value)[-1]
        if not name.startswith("aws-waf-logs-"):
            yield Rejection(
                at,
                f"the name of WAF's log destination must start with 'aws-waf-logs-' (got '{name}')",
                INVALID,
            )
        if region_of(value) not in ("", call.region):
            yield Rejection(
                at, f"the log destination is in {region_of(value)}, the web ACL is in {call.region}", INVALID
            )


@rule("log-destination-exists", Stage.CREATE, Stage.UPDATE, source=api("wafv2", "PutLoggingConfiguration"))
def _log_exists(call: Call) -> Iterator[Rejection]:
    for at, value in located(call.inputs, "logDestinationConfigs[*]"):
        kind = _LOG_GROUP if ":log-group:" in value else _BUCKET if value.startswith("arn:aws:s3:::") else None
        if kind and next(call.cloud.find(kind, arn=value.removesuffix(":*")), None) is None:
            yield Rejection(at, f"'{value}' does not exist", "WAFLogDestinationPermissionIssueException")


def acl_reference(path: str, *, holds: bool, in_use: str = IN_USE) -> Reference:
    return Reference(
        path=path, to=WEB_ACL, by="arn", code=MISSING, holds=holds, in_use=in_use, source=api("wafv2", "DeleteWebACL")
    )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type="aws:wafv2/webAclAssociation:WebAclAssociation",
        source=sdk("wafv2/webaclassociation"),
        id="{webAclArn},{resourceArn}",
        replaces=frozenset({"webAclArn", "resourceArn"}),
        replace_source=created_only("AWS::WAFv2::WebACLAssociation"),
        references=(
            acl_reference("webAclArn", holds=True),
            Reference(
                path="resourceArn",
                to=_LOAD_BALANCER,
                by="arn",
                external=r"arn:aws[^:]*:(?!elasticloadbalancing:).+",  # the sandbox accepts the ARNs of other services
                code="WAFUnavailableEntityException",
                holds=False,
                source=api("wafv2", "AssociateWebACL"),
            ),
        ),
        rules=(_regional, _one_acl),
    ),
    Behaviour(
        type="aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        source=sdk("wafv2/webaclloggingconfiguration"),
        id="{resourceArn}",
        replaces=frozenset({"logDestinationConfigs", "resourceArn"}),
        replace_source=schema_of("wafv2/web_acl_logging_configuration.go"),
        # Deleting a web ACL deletes its logging configuration.
        references=(acl_reference("resourceArn", holds=False),),
        rules=(_log_names, _log_exists),
    ),
)
