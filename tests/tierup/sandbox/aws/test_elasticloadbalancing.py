"""Tests of the behaviour rows of load balancers, target groups and listeners."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.elasticloadbalancing import (
    BUCKET,
    BUCKET_POLICY,
    CERTIFICATE,
    LISTENER,
    LISTENER_CERTIFICATE,
    LISTENER_RULE,
    LOAD_BALANCER,
    TARGET_GROUP,
    TRUST_STORE,
)
from tierup.sandbox.aws.network import INTERNET_GATEWAY, SECURITY_GROUP, SUBNET, VPC
from tierup.sandbox.behaviour import UNKNOWN
from tierup.sandbox.cloud import CloudResource

from .account import Account

FORWARD = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/api/0"
TO_HTTPS = {"type": "redirect", "redirect": {"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"}}
XML = {"type": "fixed-response", "fixedResponse": {"contentType": "text/xml"}}
PERMANENT = {"type": "redirect", "redirect": {"statusCode": "HTTP_308", "port": "443"}}
PENDING = [{"resourceRecordName": "_x.example.com.", "resourceRecordValue": "_y.acm-validations.aws."}]


class Place:
    """A VPC with an internet gateway and two subnets for a load balancer."""

    def __init__(self, account: Account, cidr: str = "10.0", name: str = "home", gateway: bool = True) -> None:
        self.vpc = account.make(VPC, name, cidrBlock=f"{cidr}.0.0/16").id
        if gateway:
            account.make(INTERNET_GATEWAY, name, vpcId=self.vpc)
        self.subnets = [
            account.make(
                SUBNET,
                f"{name}-{zone}",
                vpcId=self.vpc,
                cidrBlock=f"{cidr}.{number}.0/24",
                availabilityZone=f"eu-west-1{zone}",
            ).id
            for number, zone in enumerate("ab")
        ]
        self.group = account.make(SECURITY_GROUP, name, vpcId=self.vpc).id


@pytest.fixture
def place(account: Account) -> Place:
    return Place(account)


@pytest.fixture
def balancer(account: Account, place: Place) -> CloudResource:
    return account.make(LOAD_BALANCER, "api", subnets=place.subnets, securityGroups=[place.group])


@pytest.fixture
def targets(account: Account, place: Place) -> CloudResource:
    return account.make(TARGET_GROUP, "api", port=5000, protocol="HTTP", targetType="ip", vpcId=place.vpc)


def forward(targets: CloudResource) -> list[dict[str, Any]]:
    return [{"type": "forward", "targetGroupArn": targets.outputs["arn"]}]


def test_load_balancer_has_name_arn_and_dns_name(balancer: CloudResource, place: Place) -> None:
    name = balancer.outputs["name"]
    assert name.startswith("api-")
    assert balancer.id == balancer.outputs["arn"]
    assert f":loadbalancer/app/{name}/" in balancer.id
    assert balancer.outputs["arnSuffix"] == balancer.id.partition("loadbalancer/")[2]
    assert balancer.outputs["dnsName"].startswith(f"{name}-")
    assert balancer.outputs["dnsName"].endswith(".eu-west-1.elb.amazonaws.com")
    assert balancer.outputs["zoneId"] == "Z32O12XQLNTSW2"
    assert balancer.outputs["vpcId"] == place.vpc
    assert [mapping["subnetId"] for mapping in balancer.outputs["subnetMappings"]] == place.subnets


def test_name_prefix_generates_name(account: Account, place: Place) -> None:
    made = account.make(LOAD_BALANCER, "api", namePrefix="api-", subnets=place.subnets)
    name = made.outputs["name"]
    assert name.startswith("api-")
    assert f"/app/{name}/" in made.id
    assert made.outputs["dnsName"].startswith(f"{name}-")


@pytest.mark.parametrize("name", ["a" * 33, "-api", "api-", "internal-api", "api_1", ""])
@pytest.mark.parametrize("type", [LOAD_BALANCER, TARGET_GROUP])
def test_invalid_name_is_rejected(account: Account, type: str, name: str) -> None:
    inputs = {"subnets": UNKNOWN} if type == LOAD_BALANCER else {"targetType": "lambda"}
    found = {rejection.path for rejection in account.planned(type, name=name, **inputs)}
    assert found == (set() if name == "internal-api" and type == TARGET_GROUP else {"name"})
    assert not account.planned(type, name="a" * 32, **inputs)


def test_duplicate_name_is_rejected(account: Account, place: Place) -> None:
    account.make(LOAD_BALANCER, "a", name="api", subnets=place.subnets)
    assert account.codes(LOAD_BALANCER, "b", name="api", subnets=place.subnets) == {"DuplicateLoadBalancerName"}


def test_load_balancer_requires_two_subnets_in_two_zones_of_one_vpc(account: Account, place: Place) -> None:
    (rejection,) = account.planned(LOAD_BALANCER, subnets=[UNKNOWN])
    assert (rejection.path, rejection.code) == ("subnets", "ValidationError")
    assert not account.planned(LOAD_BALANCER, subnets=[UNKNOWN], loadBalancerType="network")
    same_zone = account.make(SUBNET, "a2", vpcId=place.vpc, cidrBlock="10.0.9.0/24", availabilityZone="eu-west-1a").id
    assert account.codes(LOAD_BALANCER, subnets=[place.subnets[0], same_zone]) == {
        "InvalidConfigurationRequest",
        "ValidationError",
    }
    other = Place(account, "10.1", "other")
    assert account.codes(LOAD_BALANCER, subnets=[place.subnets[0], other.subnets[1]]) == {"InvalidSubnet"}
    assert account.codes(LOAD_BALANCER, subnets=[place.subnets[0], "subnet-0"]) >= {"SubnetNotFound"}


def test_subnet_smaller_than_27_is_rejected(account: Account, place: Place) -> None:
    small = account.make(SUBNET, "small", vpcId=place.vpc, cidrBlock="10.0.9.0/28", availabilityZone="eu-west-1c").id
    assert account.codes(LOAD_BALANCER, subnets=[place.subnets[0], small]) == {"InvalidSubnet"}


def test_public_load_balancer_requires_internet_gateway(account: Account) -> None:
    inside = Place(account, gateway=False)
    (rejection,) = account.rejections(LOAD_BALANCER, subnets=inside.subnets)
    assert "no internet gateway" in rejection.message
    assert not account.codes(LOAD_BALANCER, subnets=inside.subnets, internal=True)


def test_security_group_of_other_vpc_is_rejected(account: Account, place: Place) -> None:
    other = Place(account, "10.1", "other")
    assert account.codes(LOAD_BALANCER, subnets=place.subnets, securityGroups=[other.group]) == {"InvalidSecurityGroup"}


def test_access_logs_require_bucket_policy(account: Account, place: Place) -> None:
    logs = {"bucket": "logs", "enabled": True}
    account.add_existing(BUCKET, "logs", bucket="logs")
    assert account.codes(LOAD_BALANCER, subnets=place.subnets, accessLogs=logs) == {"InvalidConfigurationRequest"}
    account.add_existing(
        BUCKET_POLICY, "logs", bucket="logs", policy='{"Service":"logdelivery.elasticloadbalancing.amazonaws.com"}'
    )
    assert not account.codes(LOAD_BALANCER, subnets=place.subnets, accessLogs=logs)


def test_deletion_protection_blocks_delete(account: Account, place: Place) -> None:
    made = account.make(LOAD_BALANCER, subnets=place.subnets, enableDeletionProtection=True)
    assert account.delete_codes(made) == {"OperationNotPermitted"}
    assert not account.delete_codes(account.change(made, enableDeletionProtection=False))


def test_changed_inputs_replace_load_balancer(account: Account, balancer: CloudResource, place: Place) -> None:
    assert account.replaced_by(balancer, internal=True) == {"internal"}
    assert not account.replaced_by(balancer, idleTimeout=120)
    assert not account.replaced_by(balancer, subnets=place.subnets[:1])
    network = account.make(LOAD_BALANCER, "net", subnets=place.subnets, loadBalancerType="network")
    assert account.replaced_by(network, subnets=place.subnets[:1])
    assert account.replaced_by(network, securityGroups=[place.group])


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"port": 80, "protocol": "HTTP"}, "vpcId"),
        ({"port": 80, "vpcId": "vpc-1"}, "protocol"),
        ({"targetType": "lambda", "port": 80}, "port"),
        ({"port": 80, "protocol": "HTTP", "vpcId": "vpc-1", "slowStart": 10}, "slowStart"),
        ({"port": 0, "protocol": "HTTP", "vpcId": "vpc-1"}, "port"),
        ({"port": 80, "protocol": "SMTP", "vpcId": "vpc-1"}, "protocol"),
        ({"port": 80, "protocol": "HTTP", "vpcId": "vpc-1", "targetType": "host"}, "targetType"),
        ({"port": 80, "protocol": "TCP", "vpcId": "vpc-1", "protocolVersion": "HTTP2"}, "protocolVersion"),
    ],
)
def test_invalid_target_group_is_rejected(account: Account, inputs: dict[str, Any], path: str) -> None:
    assert [rejection.path for rejection in account.planned(TARGET_GROUP, **inputs)] == [path]


@pytest.mark.parametrize(
    ("check", "path"),
    [
        ({"path": "health"}, "healthCheck.path"),
        ({"interval": 4}, "healthCheck.interval"),
        ({"interval": 10, "timeout": 10}, "healthCheck.timeout"),
        ({"matcher": "200-599"}, "healthCheck.matcher"),
        ({"matcher": "ok"}, "healthCheck.matcher"),
        ({"protocol": "TCP"}, "healthCheck.protocol"),
        ({"port": "web"}, "healthCheck.port"),
        ({"healthyThreshold": 1}, "healthCheck.healthyThreshold"),
    ],
)
def test_invalid_health_check_is_rejected(account: Account, check: dict[str, Any], path: str) -> None:
    found = account.planned(TARGET_GROUP, port=80, protocol="HTTP", vpcId="vpc-1", healthCheck=check)
    assert [rejection.path for rejection in found] == [path]


def test_valid_health_check_is_accepted(account: Account) -> None:
    check = {"path": "/health", "matcher": "200,204", "interval": 30, "timeout": 5, "port": "traffic-port"}
    assert not account.planned(TARGET_GROUP, port=80, protocol="HTTP", vpcId="vpc-1", healthCheck=check)


def test_target_group_has_default_health_check(targets: CloudResource) -> None:
    assert targets.outputs["healthCheck"]["path"] == "/"
    assert targets.outputs["arnSuffix"].startswith(f"targetgroup/{targets.outputs['name']}/")
    assert targets.outputs["protocolVersion"] == "HTTP1"


def test_changed_inputs_replace_target_group(account: Account, targets: CloudResource) -> None:
    assert account.replaced_by(targets, port=8080) == {"port"}
    assert not account.replaced_by(targets, deregistrationDelay=10)


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"protocol": "HTTPS"}, "certificateArn"),
        ({"protocol": "HTTP", "certificateArn": "arn:aws:acm:eu-west-1:1:certificate/1"}, "certificateArn"),
        ({"certificateArn": UNKNOWN}, "certificateArn"),
        ({"protocol": "HTTP", "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}, "sslPolicy"),
        ({"protocol": "HTTPS", "certificateArn": UNKNOWN, "sslPolicy": "TLS13"}, "sslPolicy"),
        ({"protocol": "HTTPS", "certificateArn": UNKNOWN, "alpnPolicy": "None"}, "alpnPolicy"),
        ({"protocol": "FTP"}, "protocol"),
        ({"port": 65536}, "port"),
    ],
)
def test_invalid_listener_is_rejected(account: Account, inputs: dict[str, Any], path: str) -> None:
    given = {"port": 443, "defaultActions": [{"type": "forward", "targetGroupArn": FORWARD}], **inputs}
    assert [rejection.path for rejection in account.planned(LISTENER, loadBalancerArn="arn", **given)] == [path]


@pytest.mark.parametrize("protocol", ["HTTPS", UNKNOWN])
def test_https_listener_requires_certificate(account: Account, protocol: Any) -> None:
    assert not account.planned(
        LISTENER,
        loadBalancerArn=UNKNOWN,
        port=443,
        protocol=protocol,
        certificateArn=UNKNOWN,
        sslPolicy="ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        defaultActions=[{"type": "forward", "targetGroupArn": UNKNOWN}],
    )


@pytest.mark.parametrize(
    ("action", "path"),
    [
        ({"type": "forward"}, "defaultActions[0].targetGroupArn"),
        ({"type": "redirect"}, "defaultActions[0].redirect"),
        ({"type": "drop"}, "defaultActions[0].type"),
        (XML, "defaultActions[0].fixedResponse.contentType"),
        ({**TO_HTTPS, "targetGroupArn": FORWARD}, "defaultActions[0].targetGroupArn"),
        ({"type": "redirect", "redirect": {"statusCode": "HTTP_301"}}, "defaultActions[0].redirect"),
        (PERMANENT, "defaultActions[0].redirect.statusCode"),
    ],
)
def test_invalid_action_is_rejected(account: Account, action: dict[str, Any], path: str) -> None:
    found = account.planned(LISTENER, loadBalancerArn="arn", port=80, protocol="HTTP", defaultActions=[action])
    assert [rejection.path for rejection in found] == [path]


def test_redirect_to_https_is_accepted(account: Account, balancer: CloudResource) -> None:
    made = account.make(
        LISTENER, "http", loadBalancerArn=balancer.id, port=80, protocol="HTTP", defaultActions=[TO_HTTPS]
    )
    assert made.id.startswith(balancer.id.replace(":loadbalancer/", ":listener/") + "/")
    assert made.outputs["sslPolicy"] == ""


def test_second_listener_on_port_is_rejected(account: Account, balancer: CloudResource) -> None:
    inputs = {"loadBalancerArn": balancer.id, "defaultActions": [TO_HTTPS]}
    made = account.make(LISTENER, "a", port=80, **inputs)
    assert account.codes(LISTENER, "b", port=80, **inputs) == {"DuplicateListener"}
    assert not account.codes(LISTENER, "b", port=81, **inputs)
    assert not account.change_codes(made, tags={"Name": "a"})


def test_certificate_must_be_issued_in_region(
    account: Account, balancer: CloudResource, targets: CloudResource
) -> None:
    inputs = {
        "loadBalancerArn": balancer.id,
        "port": 443,
        "protocol": "HTTPS",
        "defaultActions": forward(targets),
    }
    arn = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
    assert account.codes(LISTENER, certificateArn=arn, **inputs) == {"CertificateNotFound"}
    account.add_existing(CERTIFICATE, arn, arn=arn, status="PENDING_VALIDATION", domainValidationOptions=PENDING)
    assert account.codes(LISTENER, certificateArn=arn, **inputs) == {"UnsupportedCertificate"}
    issued = arn.replace("certificate/1", "certificate/2")
    account.add_existing(CERTIFICATE, issued, arn=issued, status="ISSUED", domainValidationOptions=[])
    made = account.make(LISTENER, "https", certificateArn=issued, **inputs)
    assert made.outputs["sslPolicy"] == "ELBSecurityPolicy-2016-08"
    virginia = arn.replace("eu-west-1", "us-east-1")
    Account("us-east-1", account.cloud).add_existing(CERTIFICATE, virginia, arn=virginia, status="ISSUED")
    assert account.codes(LISTENER, "b", certificateArn=virginia, **inputs) >= {"CertificateNotFound"}
    extra = {"listenerArn": made.id, "certificateArn": issued}
    assert account.make(LISTENER_CERTIFICATE, **extra).id == f"{made.id}_{issued}"
    http = account.make(
        LISTENER, "http", loadBalancerArn=balancer.id, port=80, protocol="HTTP", defaultActions=[TO_HTTPS]
    )
    assert account.codes(LISTENER_CERTIFICATE, "b", **{**extra, "listenerArn": http.id}) == {"OperationNotPermitted"}


def test_target_group_belongs_to_one_load_balancer_of_its_vpc(
    account: Account, place: Place, balancer: CloudResource, targets: CloudResource
) -> None:
    listener = account.make(LISTENER, "a", loadBalancerArn=balancer.id, port=80, defaultActions=forward(targets))
    second = account.make(LOAD_BALANCER, "second", subnets=place.subnets)
    inputs = {"loadBalancerArn": second.id, "port": 80}
    assert account.codes(LISTENER, "b", defaultActions=forward(targets), **inputs) == {"TargetGroupAssociationLimit"}
    far = Place(account, "10.1", "far")
    theirs = account.make(TARGET_GROUP, "far", port=80, protocol="HTTP", vpcId=far.vpc)
    assert account.codes(LISTENER, "b", defaultActions=forward(theirs), **inputs) == {"InvalidConfigurationRequest"}
    tcp = account.make(TARGET_GROUP, "tcp", port=80, protocol="TCP", vpcId=place.vpc)
    assert account.codes(LISTENER, "b", defaultActions=forward(tcp), **inputs) == {"IncompatibleProtocols"}
    assert account.codes(LISTENER, "b", protocol="TCP", defaultActions=forward(tcp), **inputs) >= {
        "UnsupportedProtocol"
    }
    assert account.delete_codes(targets) == {"ResourceInUse"}
    account.cloud.remove(listener)
    assert not account.delete_codes(targets)


def test_rule_priority_and_conditions_are_validated(
    account: Account, balancer: CloudResource, targets: CloudResource
) -> None:
    listener = account.make(LISTENER, "a", loadBalancerArn=balancer.id, port=80, defaultActions=[TO_HTTPS])
    inputs = {
        "listenerArn": listener.id,
        "actions": forward(targets),
        "conditions": [{"pathPattern": {"values": ["/api/*"]}}],
    }
    made = account.make(LISTENER_RULE, "api", priority=10, **inputs)
    assert ":listener-rule/app/" in made.id
    assert account.codes(LISTENER_RULE, "b", priority=10, **inputs) == {"PriorityInUse"}
    assert account.make(LISTENER_RULE, "b", **inputs).outputs["priority"] == 11
    for conditions in (
        [],
        [{}],
        [{"pathPattern": {"values": ["/a"]}, "hostHeader": {"values": ["b"]}}],
        [{"pathPattern": {"values": [f"/{number}" for number in range(6)]}}],
    ):
        (rejection,) = account.planned(LISTENER_RULE, **{**inputs, "conditions": conditions})
        assert rejection.path.startswith("conditions")
    (rejection,) = account.planned(LISTENER_RULE, **{**inputs, "actions": [{"type": "forward"}]})
    assert rejection.path == "actions[0].targetGroupArn"
    assert account.delete_codes(targets) == {"ResourceInUse"}


def test_trust_store_requires_bucket_object(account: Account) -> None:
    account.add_existing(BUCKET, "authorities", bucket="authorities")
    bundle = {"caCertificatesBundleS3Bucket": "authorities", "caCertificatesBundleS3Key": "clients.pem"}
    store = account.make(TRUST_STORE, "clients", name="clients", **bundle)

    assert ":truststore/clients/" in store.outputs["arn"]
    assert account.codes(TRUST_STORE, "again", name="clients", **bundle) == {"DuplicateTrustStoreName"}
    gone = {**bundle, "caCertificatesBundleS3Bucket": "gone"}
    assert account.codes(TRUST_STORE, "lost", **gone) == {"CaCertificatesBundleNotFound"}
    assert not account.replaced_by(store, caCertificatesBundleS3Key="others.pem")


@pytest.mark.parametrize(
    ("protocol", "mutual", "path"),
    [
        ("HTTP", {"mode": "passthrough"}, "mutualAuthentication"),
        ("HTTPS", {"mode": "verify"}, "mutualAuthentication.trustStoreArn"),
        ("HTTPS", {"mode": "off", "trustStoreArn": "arn"}, "mutualAuthentication.trustStoreArn"),
        ("HTTPS", {"mode": "strict"}, "mutualAuthentication.mode"),
    ],
)
def test_invalid_mutual_tls_is_rejected(account: Account, protocol: str, mutual: dict[str, Any], path: str) -> None:
    secure = {"certificateArn": UNKNOWN} if protocol == "HTTPS" else {}
    given = {"loadBalancerArn": "arn", "port": 443, "protocol": protocol, "mutualAuthentication": mutual, **secure}
    actions = [{"type": "forward", "targetGroupArn": FORWARD}]

    assert [rejection.path for rejection in account.planned(LISTENER, defaultActions=actions, **given)] == [path]


def test_trust_store_in_use_cannot_be_deleted(
    account: Account, balancer: CloudResource, targets: CloudResource
) -> None:
    store = account.add_existing(TRUST_STORE, "arn:trust", arn="arn:trust")
    account.make(
        LISTENER,
        loadBalancerArn=balancer.id,
        port=443,
        protocol="HTTPS",
        certificateArn="arn:aws:iam::123456789012:server-certificate/api",
        mutualAuthentication={"mode": "verify", "trustStoreArn": "arn:trust"},
        defaultActions=forward(targets),
    )

    assert account.delete_codes(store) == {"TrustStoreInUse"}
