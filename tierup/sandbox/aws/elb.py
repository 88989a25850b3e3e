"""Elastic Load Balancing: names that its modules share."""

from __future__ import annotations

from tierup.sandbox.behaviour import (
    Call,
    Plain,
    Reference,
    assumed,
)

from .sources import api

LOAD_BALANCER = "aws:lb/loadBalancer:LoadBalancer"

TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"

LISTENER = "aws:lb/listener:Listener"

LISTENER_RULE = "aws:lb/listenerRule:ListenerRule"

TRUST_STORE = "aws:lb/trustStore:TrustStore"

BUCKET = "aws:s3/bucket:Bucket"

ELB = "elasticloadbalancing v2"

QUOTAS = assumed("default quotas of Application Load Balancers in Service Quotas, from memory")

HYPHENATED = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"


def kind_of(inputs: Plain) -> str:
    """Return the type: application, network or gateway."""
    return inputs.get("loadBalancerType") or "application"


def below(arn: Plain, kind: str, call: Call) -> str:
    """Return the ARN of a listener or rule: its parent's path and one more part."""
    *service, path = str(arn).split(":")
    return f"{':'.join(service)}:{kind}/{path.partition('/')[2]}/{call.hex(16)}"


def to_listener(holds: bool) -> Reference:
    return Reference(
        path="listenerArn", to=LISTENER, by="arn", code="ListenerNotFound", holds=holds, source=api(ELB, "CreateRule")
    )
