"""Tests of the behaviour rows of listeners."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.aws.elb import LISTENER
from tierup.sandbox.aws.elb_listeners import CERTIFICATE, LISTENER_CERTIFICATE
from tierup.sandbox.behaviour import UNKNOWN
from tierup.sandbox.cloud import CloudResource

from ..account import Account
from .inputs import FORWARD, TO_HTTPS, forward

PENDING = [{"resourceRecordName": "_x.example.com.", "resourceRecordValue": "_y.acm-validations.aws."}]


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
