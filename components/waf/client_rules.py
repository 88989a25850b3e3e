"""Arguments of the web ACL rules that depend on the client.

These are addresses, countries, autonomous systems (ASNs), bots and the origin header. rules.py turns them into AWS
WAF rules.

Behind a CDN every request has a source address of the CDN. Rules on addresses (rate limit, countries, ASNs) then belong
to the web ACL of the CDN, or read the client's address from a header (`client_address_header`). AWS WAF uses the
*first* address of that header. In X-Forwarded-For the client controls it, because CloudFront appends to the received
value. Use a header that the CDN overwrites: Cloudflare sets CF-Connecting-IP. For CloudFront use the CLOUDFRONT web
ACL, which sees the clients' addresses.
https://docs.aws.amazon.com/waf/latest/APIReference/API_ForwardedIPConfig.html (read 2026-11-24).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pulumi import Input

from components.waf.addresses import check_addresses

MAX_ASNS = 100
"""Maximum number of ASNs in one rule. Source: AWS API model of wafv2, AsnList (botocore 1.43)."""


class BotInspection(StrEnum):
    """The inspection level of Bot Control. Both levels have a monthly price and a price for each inspected request.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_AWSManagedRulesBotControlRuleSet.html (read 2026-11-24)
    """

    COMMON = "COMMON"  # bots that identify themselves, and bots that impersonate a known one
    TARGETED = "TARGETED"  # also bots that imitate browsers; it needs AWS's token script on the site to be effective


@dataclass(frozen=True, kw_only=True, slots=True)
class BotControl:
    """AWS WAF Bot Control for requests below a path. Requests outside the path, such as assets, are not billed.

    Raises ValueError for a malformed path prefix.
    """

    path_prefix: str
    """Path prefix in lower case that starts with a slash, such as /api/."""
    inspection: BotInspection = BotInspection.COMMON
    """Inspection level."""
    count_only_rules: tuple[str, ...] = ("CategoryHttpLibrary", "SignalNonBrowserUserAgent")
    """Rules of the group that only count. These two would block every client that is not a browser: mobile apps, curl,
    other servers."""
    header: str | None = None
    """Inspect only requests with this header, such as those of one of two CDNs; None inspects all."""

    def __post_init__(self) -> None:
        check_path(self.path_prefix)
        check_header(self.header)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientRestrictions:
    """Restrictions of requests by the client's address, country and autonomous system.

    Raises ValueError for malformed values, for allowed and blocked countries together, and without any restriction.
    """

    allowed_addresses: tuple[str, ...] = ()
    """The only IPv4 and IPv6 CIDR blocks whose clients are allowed, such as those of an office. Empty allows all."""
    allowed_countries: tuple[str, ...] = ()
    """The only allowed countries, as ISO 3166-1 alpha-2 codes. Empty allows every country."""
    blocked_countries: tuple[str, ...] = ()
    """Blocked countries, as ISO 3166-1 alpha-2 codes. It cannot be combined with `allowed_countries`."""
    blocked_asns: tuple[int, ...] = ()
    """Blocked autonomous system numbers, such as those of hosting providers, at most 100."""
    client_address_header: str | None = None
    """Header with the client's address (RateLimit.client_address_header)."""
    exempt_paths: tuple[str, ...] = ()
    """Exact paths in lower case that every client may request, such as the health check for checkers abroad."""

    def __post_init__(self) -> None:
        for path in self.exempt_paths:
            check_path(path, "exempt_paths")
        if self.allowed_countries and self.blocked_countries:
            raise ValueError(
                "allowed_countries, blocked_countries: both are set "
                f"(got {list(self.allowed_countries)} and {list(self.blocked_countries)}). "
                "Set one of them: a country that is not allowed is blocked anyway."
            )
        check_addresses("allowed_addresses", self.allowed_addresses)
        if not (self.allowed_addresses or self.allowed_countries or self.blocked_countries or self.blocked_asns):
            raise ValueError(
                "allowed_addresses, allowed_countries, blocked_countries, blocked_asns: no restriction (got none). "
                "Set one of them, or leave the restrictions out to allow every client."
            )
        for country in (*self.allowed_countries, *self.blocked_countries):
            if not re.fullmatch(r"[A-Z]{2}", country):
                raise ValueError(
                    f"allowed_countries, blocked_countries: not a country code (got {country!r}). "
                    "Set two capital letters (ISO 3166-1 alpha-2), such as DE."
                )
        if len(self.blocked_asns) > MAX_ASNS:
            raise ValueError(
                f"blocked_asns: too many ASNs (got {len(self.blocked_asns)}). Set at most {MAX_ASNS}, AWS WAF's limit."
            )
        for asn in self.blocked_asns:
            if not 0 < asn < 2**32:
                raise ValueError(f"blocked_asns: not an ASN (got {asn}). Set 1 to {2**32 - 1}, without the prefix AS.")
        check_header(self.client_address_header)


@dataclass(frozen=True, kw_only=True, slots=True)
class OriginKey:
    """The secret header that this stack's CDN adds to origin requests. Requests without it are blocked.

    The security group allows the CDN's addresses only, but every customer of the CDN shares them. Raises ValueError for
    a header name that is not in lower case.
    """

    header: str
    """Name of the header in lower case, 1 to 40 characters."""
    values: Sequence[Input[str]]
    """Accepted values of the header, 1 to 200 bytes; secrets. One, which the CDN sends, and two during a rotation."""

    def __post_init__(self) -> None:
        if not self.values:
            raise ValueError("values: must not be empty (got none). Set the value that the CDN sends.")
        if not re.fullmatch(r"[a-z0-9-]{1,40}", self.header):
            raise ValueError(
                f"header: not a lower-case header name (got {self.header!r}). "
                "Set 1 to 40 of a-z, 0-9 and -: AWS WAF compares header names in lower case."
            )


def check_path(prefix: str, argument: str = "path_prefix") -> None:
    """Raise ValueError unless `prefix` is a path in lower case."""
    if not prefix.startswith("/") or prefix != prefix.lower():
        raise ValueError(
            f"{argument}: not a lower-case path (got {prefix!r}). Set a lower-case path that starts with /, such as "
            "/api/: the rule converts request paths to lower case, because routers ignore case."
        )


def check_header(header: str | None) -> None:
    """Raise ValueError unless `header` is None or the name of a header that clients cannot control."""
    if header is not None and not re.fullmatch(r"[A-Za-z0-9-]{1,255}", header):
        raise ValueError(
            f"client_address_header: not a header name (got {header!r}). Set a name such as CF-Connecting-IP."
        )
    if header is not None and header.lower() == "x-forwarded-for":
        raise ValueError(
            f"client_address_header: the client controls its first address, which AWS WAF uses (got {header!r}). "
            "Set a header that the CDN overwrites (CF-Connecting-IP), or use the rule in the CLOUDFRONT web ACL."
        )
