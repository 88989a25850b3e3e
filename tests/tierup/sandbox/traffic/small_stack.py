"""A small stack of rows: an API behind a load balancer, with one service, for tests of runs."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from tests.tierup.sandbox.traffic.cloud_rows import row
from tierup.sandbox.cloud import CloudResource
from tierup.sandbox.traffic.hops import alb, dns, network, waf
from tierup.sandbox.traffic.memory import SERVICE, TASK_DEFINITION

HOST = "api.example.com"
ALB_NAME = "alb-1.eu-west-1.elb.amazonaws.com"
CDN_NAME = "d1.cloudfront.net"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1"
ALB_ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/alb/1"


def _group(name: str) -> CloudResource:
    return row(network.SECURITY_GROUP, name, id=f"sg-{name}")


def rule(name: str, kind: str, group: str, port: int, **other: Any) -> CloudResource:
    """Return a rule of a security group."""
    return row(kind, name, securityGroupId=f"sg-{group}", ipProtocol="tcp", fromPort=port, toPort=port, **other)


def definition(revision: int, **changes: Any) -> CloudResource:
    """Return a revision of the task definition."""
    container = {
        "name": "backend",
        "image": "public.ecr.aws/app:1",
        "portMappings": [{"containerPort": 5000}],
        **changes,
    }
    arn = f"arn:aws:ecs:eu-west-1:123456789012:task-definition/backend:{revision}"
    return row(
        TASK_DEFINITION, "backend-task", id=arn, arn=arn, family="backend", revision=revision,
        containerDefinitions=json.dumps([container]),
    )  # fmt: skip


def service(task: CloudResource, **changes: Any) -> CloudResource:
    """Return the service."""
    values: dict[str, Any] = {
        "name": "backend",
        "cluster": "cluster",
        "taskDefinition": task.id,
        "desiredCount": 1,
        "loadBalancers": [{"targetGroupArn": "arn:targets", "containerName": "backend", "containerPort": 5000}],
        "networkConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-tasks"], "assignPublicIp": True},
        **changes,
    }
    return row(SERVICE, "backend-service", id="arn:service", **values)


def record(target: str) -> CloudResource:
    """Return the alias record of the API."""
    return row(dns.RECORD, "api-alias-a", fqdn=HOST, type="A", aliases=[{"name": target, "zoneId": "Z"}])


def distribution() -> CloudResource:
    """Return a distribution whose origin is the load balancer, with the header that the lock requires."""
    behavior = {
        "targetOriginId": "api", "viewerProtocolPolicy": "https-only", "allowedMethods": ["GET", "POST", "OPTIONS"],
        "originRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3",
    }  # fmt: skip
    origin = {
        "originId": "api", "domainName": ALB_NAME, "customHeaders": [{"name": "x-origin-key", "value": "k"}],
        "customOriginConfig": {"originProtocolPolicy": "https-only"},
    }  # fmt: skip
    return row(
        dns.DISTRIBUTION, "api-cdn", region="", arn="arn:cdn", domainName=CDN_NAME, enabled=True, isIpv6Enabled=True,
        aliases=[HOST], viewerCertificate={"acmCertificateArn": CERTIFICATE}, defaultCacheBehavior=behavior,
        origins=[origin],
    )  # fmt: skip


def web_acl(*, locked: bool) -> CloudResource:
    """Return the web ACL of the load balancer, with or without the rule that requires the CDN's header."""
    match = {
        "fieldToMatch": {"singleHeader": {"name": "x-origin-key"}},
        "positionalConstraint": "EXACTLY",
        "searchString": "k",
    }
    statement = {"notStatement": {"statement": {"byteMatchStatement": match}}}
    lock = {"name": "cdn-only", "priority": 0, "action": {"block": {}}, "statement": statement}
    return row(waf.ACL, "acl", arn="arn:acl", rules=[lock] if locked else [])


def stack(*, keep_alive: int = 3600) -> list[CloudResource]:
    """Return the rows of a stack whose name points at the load balancer."""
    task = definition(1)
    return [
        row(network.VPC, "vpc", id="vpc-1", cidrBlock="10.0.0.0/16"),
        row(
            network.SUBNET, "public", id="subnet-1", vpcId="vpc-1", cidrBlock="10.0.0.0/24",
            availabilityZone="eu-west-1a",
        ),
        row(network.ASSOCIATION, "association", subnetId="subnet-1", routeTableId="rtb-1"),
        row(network.ROUTE_TABLE, "table", id="rtb-1", vpcId="vpc-1"),
        row(network.ROUTE, "internet", routeTableId="rtb-1", destinationCidrBlock="0.0.0.0/0", gatewayId="igw-1"),
        row(network.INTERNET_GATEWAY, "gateway", id="igw-1"),
        _group("lb"),
        _group("tasks"),
        rule("lb-in", network.INGRESS, "lb", 443, cidrIpv4="0.0.0.0/0"),
        rule("lb-out", network.EGRESS, "lb", 5000, referencedSecurityGroupId="sg-tasks"),
        rule("tasks-in", network.INGRESS, "tasks", 5000, referencedSecurityGroupId="sg-lb"),
        rule("tasks-out", network.EGRESS, "tasks", 443, cidrIpv4="0.0.0.0/0"),
        row("aws:acm/certificate:Certificate", "edge", region="us-east-1", arn=CERTIFICATE, domainName=HOST),
        row("aws:acm/certificate:Certificate", "own", arn="arn:own", domainName=HOST),
        row(
            dns.LOAD_BALANCER, "api-alb", id=ALB_ARN, arn=ALB_ARN, dnsName=ALB_NAME, internal=False,
            subnets=["subnet-1"], securityGroups=["sg-lb"], clientKeepAlive=keep_alive,
        ),
        row(
            alb.LISTENER, "api-https", id="arn:listener", loadBalancerArn=ALB_ARN, port=443, protocol="HTTPS",
            certificateArn="arn:own", defaultActions=[{"type": "forward", "targetGroupArn": "arn:targets"}],
        ),
        row(
            alb.TARGET_GROUP, "targets", id="arn:targets", arn="arn:targets", port=5000, deregistrationDelay=30,
            healthCheck={"path": "/health", "interval": 15, "healthyThreshold": 2},
        ),
        web_acl(locked=False),
        row(waf.ASSOCIATION, "acl-association", resourceArn=ALB_ARN, webAclArn="arn:acl"),
        task,
        service(task),
        record(ALB_NAME),
    ]  # fmt: skip


def changed(before: CloudResource, after: CloudResource) -> CloudResource:
    """Return `after` with the key of `before`, as an update stores it."""
    return replace(after, key=before.key, id=before.id)
