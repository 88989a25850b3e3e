"""The logging configuration of the compliant program's web ACL."""

from __future__ import annotations

import pulumi_aws as aws

ACL_ARN = "arn:aws:wafv2:eu-west-1:111122223333:acl"
"""The ARN of the web ACL in ../compliant.py, as the recorder sets it."""


def deploy() -> None:
    """Declare the resources."""
    aws.wafv2.WebAclLoggingConfiguration(
        "acl-logging",
        resource_arn=ACL_ARN,
        log_destination_configs=["arn:aws:logs:eu-west-1:111122223333:log-group:aws-waf-logs-other"],
        redacted_fields=[{"single_header": {"name": name}} for name in ("authorization", "cookie")],
    )
