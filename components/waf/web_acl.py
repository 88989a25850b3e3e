"""One AWS WAF web ACL: for a load balancer (REGIONAL) or for distributions (CLOUDFRONT).

Makes: the web ACL, the pattern set of MongoDB operators, the log group and logging, and the association with a load
balancer. Not here: the rules themselves (firewall_rules.py), and the association with a distribution, which names the
ACL's ARN itself.
Checklist: rate limiting, input validation on all endpoints, logging.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.monitoring.log_retention import check_retention
from components.waf.client_rules import BotControl, ClientRestrictions, OriginKey
from components.waf.rules import Mode, RateLimit, operator_patterns, rules, visibility

CLOUDFRONT_REGION = "us-east-1"

INSPECTED_BODY_BYTES: Mapping[str, int] = {"REGIONAL": 8_192, "CLOUDFRONT": 16_384}
"""How much of a body AWS WAF sees: 8 KiB behind a load balancer, always; 16 KiB at CloudFront unless more is paid for.
Source: https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociationConfig.html (read 2026-11-24)."""


class Scope(StrEnum):
    """What a web ACL can stand before."""

    REGIONAL = "REGIONAL"
    """A load balancer of the same region."""
    CLOUDFRONT = "CLOUDFRONT"
    """Only in us-east-1, whatever the region of the rest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebAclArgs:
    """What one web ACL needs."""

    scope: Scope
    """What it stands before. Another one is another web ACL."""
    log_retention_days: int
    """One of the periods that CloudWatch Logs offers."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    mode: Mode = Mode.BLOCK
    """What a rule that matches does."""
    rate_limit: RateLimit | None = None
    """How often one client may come; None does not count."""
    origins: ClientRestrictions | None = None
    """Countries and networks that are kept out; None lets in everybody."""
    bots: BotControl | None = None
    """AWS's Bot Control, paid for apart; None leaves bots to the other rules."""
    origin_key: OriginKey | None = None
    """REGIONAL only: refuse what did not come through our CDN. Where the load balancer served users before, let the
    change wait for the DNS record that leads them to the CDN (depends_on): until then they come without the key."""
    max_body_bytes: int = 8_192
    """Larger bodies are refused. More than AWS WAF inspects cannot be asked for: the rest would pass unread."""
    load_balancer_arn: Input[str] | None = None
    """REGIONAL only."""
    log_key_arn: Input[str] | None = None
    """KMS key of the log group, in the ACL's own region; None is CloudWatch's own encryption."""

    def __post_init__(self) -> None:
        largest = INSPECTED_BODY_BYTES[self.scope]
        if not 1 <= self.max_body_bytes <= largest:
            raise ValueError(
                f"max_body_bytes is {self.max_body_bytes}; allowed is 1 to {largest} for {self.scope}, because AWS WAF "
                "reads no more of a body. Send larger uploads straight to S3 by a presigned URL"
            )
        check_retention("log_retention_days", self.log_retention_days)
        if self.scope is Scope.CLOUDFRONT and self.load_balancer_arn is not None:
            raise ValueError(
                "load_balancer_arn is given with scope CLOUDFRONT; a load balancer takes a REGIONAL web ACL, "
                "a distribution takes this one's ARN as web_acl_arn"
            )
        if self.scope is Scope.CLOUDFRONT and self.origin_key is not None:
            raise ValueError(
                "origin_key is given with scope CLOUDFRONT; viewers have no key, it is what CloudFront shows to the "
                "load balancer: give it to the REGIONAL web ACL"
            )
        for rule in (self.rate_limit, self.origins):
            if self.scope is Scope.CLOUDFRONT and rule is not None and rule.client_address_header is not None:
                raise ValueError(
                    f"client_address_header is {rule.client_address_header!r} with scope CLOUDFRONT; CloudFront sees "
                    "the clients themselves, and a header would only let them lie: leave it out"
                )


class WebAcl(ComponentResource):
    """Blocks by default, with the reason in its logs."""

    arn: Output[str]
    """For a distribution of the same scope."""
    acl_metric: Output[str]
    """The WebACL dimension of its metrics: what the ACL is called there, which is not its name."""
    log_group_name: Output[str]
    """What was blocked or counted, and why."""

    def __init__(self, name: str, args: WebAclArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:Firewall", name, None, opts)
        self._logical_name = name
        self._child = ResourceOptions(parent=self)
        self._region = CLOUDFRONT_REGION if args.scope is Scope.CLOUDFRONT else None
        acl = self._acl(args, self._operators(args))
        logs = self._log_group(args)
        self._log_to(logs, acl, args.origin_key)
        if args.load_balancer_arn is not None:
            aws.wafv2.WebAclAssociation(
                f"{name}-association",
                resource_arn=args.load_balancer_arn,
                web_acl_arn=acl.arn,
                opts=self._child,
            )

        self.arn = acl.arn
        self.acl_metric = acl.visibility_config.metric_name
        self.log_group_name = logs.name
        self.register_outputs({"arn": self.arn, "acl_metric": self.acl_metric, "log_group_name": self.log_group_name})

    def _operators(self, args: WebAclArgs) -> aws.wafv2.RegexPatternSet:
        return aws.wafv2.RegexPatternSet(
            f"{self._logical_name}-operators",
            scope=args.scope.value,
            region=self._region,
            description="MongoDB operators where the name of a key or parameter is expected",
            regular_expressions=[{"regex_string": pattern} for pattern in operator_patterns()],
            tags={**args.tags, "Name": f"{self._logical_name}-operators"},
            opts=self._child,
        )

    def _acl(self, args: WebAclArgs, operators: aws.wafv2.RegexPatternSet) -> aws.wafv2.WebAcl:
        return aws.wafv2.WebAcl(
            f"{self._logical_name}-acl",
            scope=args.scope.value,
            region=self._region,
            default_action={"allow": {}},
            rules=rules(
                mode=args.mode,
                max_body_bytes=args.max_body_bytes,
                operators_arn=operators.arn,
                rate_limit=args.rate_limit,
                origins=args.origins,
                bots=args.bots,
                origin_key=args.origin_key,
            ),
            # The WebACL dimension of its metrics. ACLs of one metric name in a region share their numbers, so a name
            # that no other stack has: the ACL's own is known only after it was made, the pattern set's is as good.
            # https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html (from memory)
            visibility_config=visibility(operators.name),
            tags={**args.tags, "Name": self._logical_name},
            opts=self._child,
        )

    def _log_group(self, args: WebAclArgs) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            f"{self._logical_name}-logs",
            # AWS WAF writes only to groups whose name begins so; it adds the resource policy that lets it write.
            name_prefix=f"aws-waf-logs-{self._logical_name}-",
            region=self._region,
            retention_in_days=args.log_retention_days,
            kms_key_id=args.log_key_arn,
            tags={**args.tags, "Name": f"{self._logical_name}-logs"},
            opts=self._child,
        )

    def _log_to(self, logs: aws.cloudwatch.LogGroup, acl: aws.wafv2.WebAcl, key: OriginKey | None) -> None:
        secret_headers = ["authorization", "cookie", *([key.header] if key else [])]
        aws.wafv2.WebAclLoggingConfiguration(
            f"{self._logical_name}-logging",
            region=self._region,
            resource_arn=acl.arn,
            log_destination_configs=[logs.arn],
            redacted_fields=[{"single_header": {"name": header}} for header in secret_headers],
            opts=self._child,
        )
