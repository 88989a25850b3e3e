"""What the rules on web ACLs need beside that of ../compliant.py: its logs."""

from __future__ import annotations

import pulumi_aws as aws

ACL_ARN = "arn:aws:wafv2:eu-west-1:111122223333:acl"
"""That of the web ACL in ../compliant.py, as the tests' cloud gives it."""


def deploy() -> None:
    """Declares the resources."""
    aws.wafv2.WebAclLoggingConfiguration(
        "acl-logging",
        resource_arn=ACL_ARN,
        log_destination_configs=["arn:aws:logs:eu-west-1:111122223333:log-group:aws-waf-logs-of-others"],
        redacted_fields=[{"single_header": {"name": name}} for name in ("authorization", "cookie")],
    )
