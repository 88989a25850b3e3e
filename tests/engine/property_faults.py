"""Faults in single properties of a deployed stack, and the hop that must name each of them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tierup.sandbox.cloud import CloudResource

Outputs = Mapping[str, Any]
Change = Callable[[Outputs], Outputs]

_NONE = '{"Version": "2012-10-17", "Statement": []}'
_DENY = '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}'
_NO_KEY = "arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, kw_only=True, slots=True)
class PropertyFault:
    """One fault. It is planted in every row of the type whose logical name matches the shell pattern `name`."""

    type: str
    name: str = "*"
    fault: str
    """What is wrong, in a few words."""
    change: Change | None
    """Returns the outputs with the fault; None deletes the row."""
    hops: Sequence[str]
    """The names of the hops of which one must stop a flow, leave it unknown, or open a forbidden one ("open")."""

    def outputs(self, row: CloudResource) -> Outputs | None:
        """Return the outputs of a row with the fault; None if the row is deleted."""
        return self.change(row.outputs) if self.change is not None else None


def _set(**values: Any) -> Change:
    return lambda outputs: {**outputs, **values}


def _at(path: str, value: Any) -> Change:
    """Change a value by its path, such as origins.0.originPath."""

    def change(outputs: Outputs) -> Outputs:
        changed = copy.deepcopy(dict(outputs))
        place: Any = changed
        *parents, last = [int(key) if key.isdecimal() else key for key in path.split(".")]
        for key in parents:
            place = place[key]
        place[last] = value
        return changed

    return change


def _environment(name: str, value: str) -> Change:
    def change(outputs: Outputs) -> Outputs:
        containers = json.loads(outputs["containerDefinitions"])
        for container in containers:
            others = [each for each in container.get("environment", ()) if each["name"] != name]
            container["environment"] = [*others, {"name": name, "value": value}]
        return {**outputs, "containerDefinitions": json.dumps(containers)}

    return change


def _blocks(statement: Mapping[str, Any]) -> Change:
    """Add a rule to a web ACL that blocks what a statement matches."""
    rule = {"name": "fault", "priority": 0, "action": {"block": {}}, "statement": statement}
    return lambda outputs: {**outputs, "rules": [*outputs["rules"], rule]}


_PLAIN = [{"priority": 0, "type": "NONE"}]
_PATH = {
    "byteMatchStatement": {
        "searchString": "/api", "positionalConstraint": "STARTS_WITH", "fieldToMatch": {"uriPath": {}},
        "textTransformations": _PLAIN,
    }
}  # fmt: skip
_SIZE = {
    "sizeConstraintStatement": {
        "size": 100, "comparisonOperator": "GT", "fieldToMatch": {"body": {}}, "textTransformations": _PLAIN,
    }
}  # fmt: skip
_RATE = {"rateBasedStatement": {"limit": 10, "aggregateKeyType": "IP"}}

_RECORD = "aws:route53/record:Record"
_DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
_LISTENER = "aws:lb/listener:Listener"
_RULE = "aws:lb/listenerRule:ListenerRule"
_GROUP = "aws:lb/targetGroup:TargetGroup"
_SERVICE = "aws:ecs/service:Service"
_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"
_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
_CACHE = "aws:elasticache/replicationGroup:ReplicationGroup"
_USER = "mongodbatlas:index/databaseUser:DatabaseUser"
_ACL = "aws:wafv2/webAcl:WebAcl"
_KEY = "aws:kms/key:Key"
_RULESET = "cloudflare:index/ruleset:Ruleset"
_SETTING = "cloudflare:index/zoneSetting:ZoneSetting"
_CHECK = "aws:route53/healthCheck:HealthCheck"

_CACHED = [{"expression": "true", "action": "set_cache_settings", "actionParameters": {
    "cache": True, "edgeTtl": {"mode": "override_origin"}}}]  # fmt: skip


def _fault(type: str, fault: str, change: Change | None, *hops: str, name: str = "*") -> PropertyFault:
    pattern = name if "*" in name else f"*{name}*"
    return PropertyFault(type=type, name=pattern, fault=fault, change=change, hops=hops)


FAULTS = (
    # DNS and certificates
    _fault(_RECORD, "in a hosted zone that does not exist", _set(zoneId="Z0"), "dns", name="api-alias-a"),
    _fault(_RECORD, "validates another certificate", _set(records=["wrong"]), "tls", name="api-certificate-validation"),
    _fault("aws:route53/zone:Zone", "private", _set(vpcs=[{"vpcId": "vpc-1"}]), "dns"),
    _fault("aws:acm/certificate:Certificate", "expired", _set(status="EXPIRED"), "tls", name="api"),
    _fault("cloudflare:index/zone:Zone", "not delegated", _set(status="pending"), "dns"),
    _fault("cloudflare:index/dnsRecord:DnsRecord", "not proxied", _set(proxied=False), "dns", "web-acl",
           "security-group", name="api-name"),
    # CloudFront
    _fault(_DISTRIBUTION, "origin path", _at("origins.0.originPath", "/v2"), "cdn-origin", name="api"),
    _fault(_DISTRIBUTION, "origin port", _at("origins.0.customOriginConfig.httpsPort", 8443), "security-group",
           "listener", name="api"),
    _fault(_DISTRIBUTION, "TLS to the origin", _at("origins.0.customOriginConfig.originSslProtocols", ["TLSv1"]),
           "tls-version", name="api"),
    _fault(_DISTRIBUTION, "caches the API", _at("defaultCacheBehavior.cachePolicyId",
           "658327ea-f89d-4fab-a63d-7e88639e58f6"), "cdn-cache", name="api"),
    _fault(_DISTRIBUTION, "forwards no headers", _at("defaultCacheBehavior.originRequestPolicyId", None),
           "cdn-forwarding", name="api"),
    _fault(_DISTRIBUTION, "no origin lock header", _at("origins.0.customHeaders", []), "web-acl", name="api"),
    _fault(_DISTRIBUTION, "old TLS", _at("viewerCertificate.minimumProtocolVersion", "TLSv1"), "open"),
    _fault(_DISTRIBUTION, "signed URLs only", _at("defaultCacheBehavior.trustedKeyGroups", ["group"]), "cdn-behavior"),
    _fault("aws:cloudfront/originAccessControl:OriginAccessControl", "does not sign", _set(signingBehavior="never"),
           "bucket-policy"),
    _fault("aws:cloudfront/function:Function", "deleted", None, "cdn-function", name="router"),
    # the bucket
    _fault("aws:s3/bucketPolicy:BucketPolicy", "denies all", _set(policy=_DENY), "bucket-policy", name="site-policy"),
    _fault("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "an unusable key",
           _set(rules=[{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyId": _NO_KEY}}]),
           "kms-key", "bucket-encryption", name="site-encryption"),
    # Cloudflare
    _fault(_SETTING, "old TLS", _set(value="1.0"), "open", name="min-tls"),
    _fault(_SETTING, "HTTP to the origin", _set(value="flexible"), "listener-rule", "security-group", "listener",
           name="zone-ssl"),
    _fault(_RULESET, "caches the API", _set(rules=_CACHED), "cdn-cache", name="cdn-rules"),
    _fault(_RULESET, "no origin lock header", None, "web-acl", "bucket-policy", name="origin-keys"),
    _fault(_RULESET, "no page for paths", None, "cdn-origin", name="origin-pages"),
    # web ACLs
    _fault(_ACL, "blocks the API's paths", _blocks(_PATH), "web-acl", name="api"),
    _fault(_ACL, "blocks small bodies", _blocks(_SIZE), "web-acl", name="api"),
    _fault(_ACL, "a limit below one page", _blocks(_RATE), "web-acl", name="api"),
    # the load balancer
    _fault(_LISTENER, "unknown policy", _set(sslPolicy="ELBSecurityPolicy-None"), "tls-version", name="https"),
    _fault(_LISTENER, "another port", _set(port=8443), "listener", name="https"),
    _fault(_LISTENER, "HTTP on the port of HTTPS", _set(protocol="HTTP"), "listener", name="https"),
    _fault(_RULE, "answers 403", _set(actions=[{"type": "fixed-response", "fixedResponse": {"statusCode": "403"}}]),
           "listener-rule", name="production"),
    _fault(_GROUP, "health path", _at("healthCheck.path", "/nope"), "target-health", name="api-targets"),
    _fault(_GROUP, "health port", _at("healthCheck.port", "9999"), "target-health", name="api-targets"),
    _fault(_GROUP, "health status", _at("healthCheck.matcher", "301"), "target-health", name="api-targets"),
    _fault(_GROUP, "protocol", _set(protocol="HTTPS"), "target-group", name="api-targets"),
    _fault(_GROUP, "type", _set(targetType="instance"), "target-group", name="api-targets"),
    _fault(_GROUP, "another VPC", _set(vpcId="vpc-other"), "target-group", name="api-targets"),
    _fault(_CHECK, "path", _set(resourcePath="/nope"), "health-check", name="uptime-*"),
    _fault(_CHECK, "port", _set(port=8443), "cdn", "listener", "security-group", name="uptime-*"),
    _fault(_CHECK, "no server name", _set(enableSni=False), "health-check", name="uptime-*"),
    # tasks
    _fault(_SERVICE, "port", _at("loadBalancers.0.containerPort", 8080), "task", name="backend"),
    _fault(_SERVICE, "cluster", _set(cluster="arn:aws:ecs:eu-west-1:123456789012:cluster/none"), "task",
           name="backend"),
    _fault(_DEFINITION, "listens on another port", _environment("PORT", "1"), "task", name="backend"),
    _fault(_DEFINITION, "origins", _environment("ALLOWED_ORIGINS", "https://other.example"), "cors", name="backend"),
    _fault(_DEFINITION, "role", _set(executionRoleArn="arn:aws:iam::123456789012:role/none"), "iam", name="backend"),
    _fault("aws:appautoscaling/target:Target", "at most 0 tasks", _set(maxCapacity=0), "task", name="backend"),
    # the network
    _fault("aws:ec2/vpc:Vpc", "no DNS", _set(enableDnsSupport=False), "vpc-dns"),
    _fault("aws:ec2/internetGateway:InternetGateway", "detached", _set(vpcId="vpc-other"), "route", "nat"),
    _fault("aws:ec2/natGateway:NatGateway", "private", _set(connectivityType="private"), "nat"),
    _fault("aws:ec2/eip:Eip", "deleted", None, "nat", "access-list", "route", name="nat"),
    _fault("aws:ec2/routeTableAssociation:RouteTableAssociation", "deleted", None, "route", name="private"),
    _fault(_ENDPOINT, "policy", _set(policy=_NONE), "endpoint-policy", name="secretsmanager"),
    _fault(_ENDPOINT, "state", _set(state="failed"), "endpoint", name="secretsmanager"),
    _fault(_KEY, "disabled", _set(isEnabled=False), "kms-key", name="stack-key"),
    _fault(_KEY, "policy", _set(policy=_NONE), "iam", name="stack-key"),
    _fault(_KEY, "deleted", None, "kms-key", name="stack-key"),
    # data
    _fault(_CACHE, "token", _set(authToken="another"), "cache-auth"),
    _fault(_CACHE, "port", _set(port=6380), "cache"),
    _fault(_CACHE, "an unusable key", _set(kmsKeyId=_NO_KEY), "kms-key"),
    _fault("aws:elasticache/subnetGroup:SubnetGroup", "deleted", None, "cache"),
    _fault(_USER, "reads only", _set(roles=[{"roleName": "read", "databaseName": "app"}]), "database-user"),
    _fault(_USER, "another database", _set(roles=[{"roleName": "readWrite", "databaseName": "x"}]), "database-user"),
    _fault(_USER, "has expired", _set(deleteAfterDate="2020-01-01T00:00:00Z"), "database-user"),
    _fault("mongodbatlas:index/projectIpAccessList:ProjectIpAccessList", "open to all", _set(cidrBlock="0.0.0.0/0"),
           "open"),
    _fault("mongodbatlas:index/privateLinkEndpointService:PrivateLinkEndpointService", "deleted", None,
           "private-endpoint"),
)  # fmt: skip
