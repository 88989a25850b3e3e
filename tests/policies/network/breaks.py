"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.breaks import Break

BREAKS: Mapping[str, Break] = {
    "NET-001": Break(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {"fromPort": 22, "toPort": 22, "cidrIpv4": "0.0.0.0/0"},
    ),
    "NET-002": Break(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {"fromPort": 443, "toPort": 443, "cidrIpv4": "0.0.0.0/0"},
    ),
}
