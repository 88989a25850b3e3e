"""Tests of the behaviour rows of associations and logging of web ACLs."""

from __future__ import annotations

from .account import Account
from .wafv2_inputs import ACL, acl

ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"

LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"


def test_association_requires_regional_acl_and_is_unique(account: Account) -> None:
    balancer = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/api/1"
    made = account.make(ACL, **acl())
    inputs = {"webAclArn": made.outputs["arn"], "resourceArn": balancer}
    assert account.codes(ASSOCIATION, **inputs) == {"WAFUnavailableEntityException"}
    account.add_existing("aws:lb/loadBalancer:LoadBalancer", balancer, arn=balancer)
    account.make(ASSOCIATION, "first", **inputs)
    assert account.codes(ASSOCIATION, "second", **inputs) == {"WAFInvalidOperationException"}
    assert account.delete_codes(made) == {"WAFAssociatedItemException"}


def test_log_destination_is_validated(account: Account) -> None:
    made = account.make(ACL, **acl())
    base = "arn:aws:logs:eu-west-1:123456789012:log-group:"

    def codes(*destinations: str) -> set[str]:
        return account.codes(LOGGING, resourceArn=made.outputs["arn"], logDestinationConfigs=list(destinations))

    assert codes(f"{base}waf") == {"WAFInvalidParameterException"}
    assert codes(f"{base}aws-waf-logs-api") == {"WAFLogDestinationPermissionIssueException"}
    account.make("aws:cloudwatch/logGroup:LogGroup", name="aws-waf-logs-api")
    assert not codes(f"{base}aws-waf-logs-api")
    assert codes(f"{base}aws-waf-logs-api", f"{base}aws-waf-logs-b") == {"WAFInvalidParameterException"}
    assert codes("arn:aws:logs:us-east-1:1:log-group:aws-waf-logs-a") == {"WAFInvalidParameterException"}
