"""One AWS WAF web ACL, for a load balancer (REGIONAL) or for CloudFront distributions (CLOUDFRONT).

Creates the web ACL, the regex pattern set of MongoDB operators, IP sets of exempt and allowed addresses, the log group
and logging configuration, and the association with a load balancer. The functions of rules.py return the rules. It does
not create the association with a distribution, which refers to the web ACL's ARN. Checklist: rate limiting, input
validation on all endpoints, logging.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.monitoring.log_retention import check_retention
from components.waf.addresses import by_version
from components.waf.client_rules import BotControl, ClientRestrictions, OriginKey
from components.waf.rules import (
    MAX_LOGIN_LIMITS,
    Mode,
    RateLimit,
    check_cors_origin,
    check_exempt_paths,
    operator_patterns,
    rules,
    visibility,
)

CLOUDFRONT_REGION = "us-east-1"

INSPECTED_BODY_BYTES: Mapping[str, int] = {"REGIONAL": 8_192, "CLOUDFRONT": 16_384}
"""Bytes of a body that AWS WAF inspects by scope: 8 KiB for a load balancer, which is fixed; 16 KiB for CloudFront by
default. Source: https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociationConfig.html (read 2026-11-24)."""


class Scope(StrEnum):
    """The scope of a web ACL: the kind of resource that it protects."""

    REGIONAL = "REGIONAL"
    """A load balancer in the same region."""
    CLOUDFRONT = "CLOUDFRONT"
    """CloudFront distributions. The web ACL is in us-east-1, whatever the region of the stack."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebAclArgs:
    """Arguments of WebAcl. Raises ValueError for values and combinations that AWS WAF does not support."""

    scope: Scope
    """Scope of the web ACL. A change replaces it."""
    log_retention_days: int
    """Retention of the log group in days; one of the periods that CloudWatch Logs supports."""
    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""
    mode: Mode = Mode.BLOCK
    """Action of matching rules."""
    rate_limit: RateLimit | None = None
    """Rate limit of one client address; None for no limit."""
    login_limits: Sequence[RateLimit] = ()
    """Stricter rate limits of single paths, such as the login; at most 3. They exempt the addresses of `rate_limit`."""
    client_restrictions: ClientRestrictions | None = None
    """Restrictions by address, country and ASN; None allows every client."""
    bot_control: BotControl | None = None
    """AWS WAF Bot Control, which is billed separately; None for no bot rules."""
    origin_key: OriginKey | None = None
    """Secret header of the CDN, for REGIONAL only: blocks requests that bypass the CDN. If clients used the load
    balancer directly before, make the change depend on the DNS record of the CDN (depends_on): until then they send no
    header."""
    origin_key_mode: Mode = Mode.BLOCK
    """Whether requests without the origin key are blocked, or only counted while clients have cached addresses."""
    max_body_bytes: int = 8_192
    """Maximum body size in bytes; larger bodies are blocked. The most is what AWS WAF inspects: 8,192 (REGIONAL) or
    16,384 (CLOUDFRONT)."""
    body_exempt_paths: tuple[str, ...] = ()
    """Path prefixes that accept larger bodies, such as uploads, at most 5. AWS WAF does not inspect what exceeds its
    limit."""
    cors_origin: str | None = None
    """Origin of the site (https://app.example.com). Blocked requests then get CORS headers, so that browsers show the
    status 403 or 429 instead of a network error. None adds no headers."""
    load_balancer_arn: Input[str] | None = None
    """ARN of the protected load balancer, for REGIONAL only."""
    log_key_arn: Input[str] | None = None
    """Customer managed KMS key of the log group, in the web ACL's region; None for CloudWatch Logs' encryption."""

    def __post_init__(self) -> None:
        largest = INSPECTED_BODY_BYTES[self.scope]
        if not 1 <= self.max_body_bytes <= largest:
            raise ValueError(
                f"max_body_bytes: out of range (got {self.max_body_bytes}). "
                f"Set 1 to {largest} for {self.scope}: AWS WAF inspects no more "
                "of a body. Upload larger files directly to S3 with a presigned URL."
            )
        check_retention("log_retention_days", self.log_retention_days)
        check_exempt_paths("body_exempt_paths", self.body_exempt_paths)
        if len(self.login_limits) > MAX_LOGIN_LIMITS:
            raise ValueError(
                f"login_limits: too many limits (got {len(self.login_limits)}). Set at most {MAX_LOGIN_LIMITS}."
            )
        check_cors_origin("cors_origin", self.cors_origin)
        if self.scope is Scope.CLOUDFRONT and self.load_balancer_arn is not None:
            raise ValueError(
                "load_balancer_arn: not supported by scope CLOUDFRONT (got a load balancer). "
                "Use a REGIONAL web ACL for a load balancer; a distribution refers to this web ACL by its ARN."
            )
        if self.scope is Scope.CLOUDFRONT and self.origin_key is not None:
            raise ValueError(
                "origin_key: not supported by scope CLOUDFRONT (got a key). "
                "Set it for the REGIONAL web ACL: CloudFront sends the header to the load balancer, and viewers do not."
            )
        for rule in (self.rate_limit, self.client_restrictions, *self.login_limits):
            if self.scope is Scope.CLOUDFRONT and rule is not None and rule.client_address_header is not None:
                raise ValueError(
                    f"client_address_header: not supported by scope CLOUDFRONT (got {rule.client_address_header!r}). "
                    "Leave it out: CloudFront sees the clients' addresses, and clients could forge the header."
                )


class WebAcl(ComponentResource):
    """A web ACL that allows requests by default, with rules that block or count, and their log."""

    arn: Output[str]
    """ARN of the web ACL, for a distribution of the same scope."""
    acl_metric: Output[str]
    """The `WebACL` dimension of its metrics, which differs from the web ACL's name."""
    log_group_name: Output[str]
    """Name of the log group of blocked and counted requests."""

    def __init__(self, name: str, args: WebAclArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:WebAcl", name, None, opts)
        self._logical_name = name
        self._child = ResourceOptions(parent=self)
        self._region = CLOUDFRONT_REGION if args.scope is Scope.CLOUDFRONT else None
        acl = self._acl(args, self._operators(args))
        logs = self._log_group(args)
        self._logging(logs, acl, args.origin_key)
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

    def _ip_sets(self, args: WebAclArgs, part: str, description: str, addresses: Sequence[str]) -> list[Output[str]]:
        """Create an IP set for each IP address version of the addresses, and return their ARNs."""
        return [
            aws.wafv2.IpSet(
                f"{self._logical_name}-{part}-{version.lower()}",
                scope=args.scope.value,
                region=self._region,
                description=description,
                ip_address_version=version,
                addresses=blocks,
                tags={**args.tags, "Name": f"{self._logical_name}-{part}-{version.lower()}"},
                opts=self._child,
            ).arn
            for version, blocks in by_version(addresses).items()
        ]

    def _acl(self, args: WebAclArgs, operators: aws.wafv2.RegexPatternSet) -> aws.wafv2.WebAcl:
        exempt = args.rate_limit.exempt_addresses if args.rate_limit else ()
        allowed = args.client_restrictions.allowed_addresses if args.client_restrictions else ()
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
                login_limits=args.login_limits,
                client_restrictions=args.client_restrictions,
                bot_control=args.bot_control,
                origin_key=args.origin_key,
                origin_key_mode=args.origin_key_mode,
                exempt_set_arns=self._ip_sets(args, "exempt", "Addresses that the rate limit does not count", exempt),
                allowed_set_arns=self._ip_sets(args, "allowed", "The only addresses of clients", allowed),
                body_exempt_paths=args.body_exempt_paths,
                cors_origin=args.cors_origin,
            ),
            # The WebACL dimension of its metrics. Web ACLs with the same metric name in a region share their metrics,
            # so the name must be unique. The web ACL's autonamed name is unknown here; the pattern set's is unique too.
            # https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html (from memory)
            visibility_config=visibility(operators.name),
            tags={**args.tags, "Name": self._logical_name},
            opts=self._child,
        )

    def _log_group(self, args: WebAclArgs) -> aws.cloudwatch.LogGroup:
        return aws.cloudwatch.LogGroup(
            f"{self._logical_name}-logs",
            # AWS WAF requires this prefix, and adds the resource policy that allows it to write.
            name_prefix=f"aws-waf-logs-{self._logical_name}-",
            region=self._region,
            retention_in_days=args.log_retention_days,
            kms_key_id=args.log_key_arn,
            tags={**args.tags, "Name": f"{self._logical_name}-logs"},
            opts=self._child,
        )

    def _logging(self, logs: aws.cloudwatch.LogGroup, acl: aws.wafv2.WebAcl, key: OriginKey | None) -> None:
        secret_headers = ["authorization", "cookie", *([key.header] if key else [])]
        aws.wafv2.WebAclLoggingConfiguration(
            f"{self._logical_name}-logging",
            region=self._region,
            resource_arn=acl.arn,
            log_destination_configs=[logs.arn],
            redacted_fields=[{"single_header": {"name": header}} for header in secret_headers],
            opts=self._child,
        )
