"""Origin certificates, authenticated origin pulls and health checks in the sandbox."""

from __future__ import annotations

from typing import Any

import pytest

from ..aws.account import Account
from .test_rulesets import zone_on
from .test_zones import zone

ORIGIN_CERTIFICATE = "cloudflare:index/originCaCertificate:OriginCaCertificate"
PULLS = "cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls"
PULLS_CERTIFICATE = "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate"
PULLS_SETTINGS = "cloudflare:index/authenticatedOriginPullsSettings:AuthenticatedOriginPullsSettings"
HEALTH_CHECK = "cloudflare:index/healthcheck:Healthcheck"

CSR = "-----BEGIN CERTIFICATE REQUEST-----\nMII\n-----END CERTIFICATE REQUEST-----"
CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----"
KEY = "-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----"  # pragma: allowlist secret


@pytest.mark.parametrize(
    ("more", "rejected"),
    [
        ({}, False),
        ({"requestedValidity": 90}, False),
        ({"requestedValidity": 91}, True),
        ({"csr": "MII"}, True),
        ({"hostnames": ["example.org"]}, True),
        ({"hostnames": ["a.*.example.com"]}, True),
        ({"requestType": "rsa"}, True),
    ],
)
def test_origin_certificate_validates_its_hostnames(more: dict[str, Any], rejected: bool) -> None:
    account = Account()
    zone(account)
    inputs = {"csr": CSR, "hostnames": ["example.com", "*.example.com"], "requestType": "origin-rsa", **more}
    assert bool(account.codes(ORIGIN_CERTIFICATE, **inputs)) is rejected


def test_authenticated_origin_pulls_need_an_existing_certificate() -> None:
    account = Account()
    home = zone(account)
    uploaded = account.make(PULLS_CERTIFICATE, zoneId=home, certificate=CERTIFICATE, privateKey=KEY)
    assert account.codes(PULLS_CERTIFICATE, zoneId=home, certificate=KEY, privateKey=KEY) == {"1400"}

    def pulls(certificate: str) -> dict[str, Any]:
        return {
            "zoneId": home,
            "configs": [{"certId": certificate, "hostname": "api.example.com", "enabled": True}],
        }

    assert account.codes(PULLS, **pulls("none")) == {"1432"}
    made = account.make(PULLS, **pulls(uploaded.id))
    assert made.outputs["hostname"] == "api.example.com"
    assert account.delete_codes(uploaded)
    account.make(PULLS_SETTINGS, "first", zoneId=home, enabled=True)
    assert account.codes(PULLS_SETTINGS, "second", zoneId=home, enabled=False) == {"1004"}


@pytest.mark.parametrize(
    ("more", "rejected"),
    [
        ({"type": "HTTPS", "httpConfig": {"path": "/health", "port": 443}}, False),
        ({"type": "TCP", "httpConfig": {"path": "/"}}, True),
        ({"type": "UDP"}, True),
        ({"interval": 4}, True),
        ({"interval": 10, "timeout": 5, "retries": 2}, True),
        ({"name": "my check"}, True),
    ],
)
def test_health_check_validates_its_type(more: dict[str, Any], rejected: bool) -> None:
    account = Account()
    inputs = {"zoneId": zone_on(account, "pro"), "name": "api", "address": "api.example.com", **more}
    assert bool(account.codes(HEALTH_CHECK, **inputs)) is rejected


CONNECTOR = "cloudflare:index/cloudConnectorRules:CloudConnectorRules"


def connector(**more: Any) -> dict[str, Any]:
    rule = {
        "expression": "true",
        "cloudConnectorRulesProvider": "aws_s3",
        "parameters": {"host": "site-1.s3.eu-west-1.amazonaws.com"},
        **more,
    }
    return {"rules": [{key: value for key, value in rule.items() if value is not None}]}


@pytest.mark.parametrize(
    ("more", "rejected"),
    [
        ({}, False),
        ({"parameters": {"host": "site.s3-website-us-east-1.amazonaws.com"}}, False),
        ({"parameters": {"host": "s3.amazonaws.com"}}, False),
        ({"parameters": {"host": "www.example.com"}}, True),
        ({"parameters": {"host": "evil-s3.amazonaws.com.example.com"}}, True),
        ({"parameters": None}, True),
        ({"expression": None}, True),
        ({"cloudConnectorRulesProvider": "aws"}, True),
        ({"cloudConnectorRulesProvider": None}, True),
        ({"cloudConnectorRulesProvider": "azure_storage"}, True),
    ],
)
def test_cloud_connector_validates_the_bucket_host(more: dict[str, Any], rejected: bool) -> None:
    account = Account()
    assert bool(account.codes(CONNECTOR, zoneId=zone(account), **connector(**more))) is rejected


def test_second_connector_rules_of_a_zone_are_rejected() -> None:
    account = Account()
    home = zone(account)
    account.make(CONNECTOR, "first", zoneId=home, **connector())
    assert account.codes(CONNECTOR, "second", zoneId=home, **connector())
