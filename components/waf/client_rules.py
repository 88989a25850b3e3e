"""Whose requests a web ACL keeps out by who sends them: countries, networks, bots. Plain values, checked.

Behind a CDN every request comes from the CDN's own addresses. What looks at addresses (rate limit, countries, networks)
then belongs into the web ACL before the CDN, or reads the client's address from a header (`client_address_header`).
AWS WAF takes the *first* address of that header: in X-Forwarded-For this is whatever the client claims, since
CloudFront appends to what it was sent. Name a header that the CDN itself overwrites: Cloudflare sets CF-Connecting-IP;
before CloudFront use the CLOUDFRONT web ACL, which sees the clients themselves.
https://docs.aws.amazon.com/waf/latest/APIReference/API_ForwardedIPConfig.html (read 2026-11-24).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from pulumi import Input

MOST_NETWORKS = 100
"""AS numbers in one rule. Source: AWS API model of wafv2, AsnList (botocore 1.43)."""


class BotInspection(StrEnum):
    """How closely bots are looked at. Both cost a monthly fee and a fee for each request that is looked at.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_AWSManagedRulesBotControlRuleSet.html (read 2026-11-24)
    """

    COMMON = "COMMON"  # bots that say what they are, and those that pretend to be a known one
    TARGETED = "TARGETED"  # also those that act like browsers; of little use until the site loads AWS's token script


@dataclass(frozen=True, kw_only=True, slots=True)
class BotControl:
    """AWS's Bot Control below a path. What it need not see costs nothing: keep health checks and assets out of it."""

    path_prefix: str
    """Lower case, with a slash first: /api/."""
    inspection: BotInspection = BotInspection.COMMON
    """How closely."""
    tolerated: tuple[str, ...] = ("CategoryHttpLibrary", "SignalNonBrowserUserAgent")
    """Rules of the group that only count. These two block whatever is no browser: mobile apps, curl, other servers."""

    def __post_init__(self) -> None:
        check_path(self.path_prefix)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientRestrictions:
    """Where requests may come from. Countries are two capital letters (ISO 3166), networks the numbers of their AS."""

    allowed_countries: tuple[str, ...] = ()
    """Only these; empty allows every country."""
    blocked_countries: tuple[str, ...] = ()
    """These not; with `allowed_countries` it is refused."""
    blocked_asns: tuple[int, ...] = ()
    """Autonomous system numbers: hosting companies that no user browses from."""
    client_address_header: str | None = None
    """As in RateLimit."""

    def __post_init__(self) -> None:
        if self.allowed_countries and self.blocked_countries:
            raise ValueError(
                f"allowed_countries is {list(self.allowed_countries)} and blocked_countries is "
                f"{list(self.blocked_countries)}; give one: what is not allowed is blocked anyway"
            )
        if not (self.allowed_countries or self.blocked_countries or self.blocked_asns):
            raise ValueError("no country and no network is given; leave origins out to let everybody in")
        for country in (*self.allowed_countries, *self.blocked_countries):
            if not re.fullmatch(r"[A-Z]{2}", country):
                raise ValueError(
                    f"country {country!r} is not allowed; give two capital letters (ISO 3166-1) such as DE"
                )
        if len(self.blocked_asns) > MOST_NETWORKS:
            raise ValueError(f"blocked_asns holds {len(self.blocked_asns)}; AWS WAF takes {MOST_NETWORKS} in a rule")
        for network in self.blocked_asns:
            if not 0 < network < 2**32:
                raise ValueError(f"network {network} is not allowed; AS numbers are 1 to {2**32 - 1}, without 'AS'")
        check_header(self.client_address_header)


@dataclass(frozen=True, kw_only=True, slots=True)
class OriginKey:
    """The header by which our own CDN shows who it is; whatever comes without it went around the CDN, and is refused.

    The security group lets in the CDN's addresses alone, but all customers of the CDN share them.
    """

    header: str
    """Lower case."""
    value: Input[str]
    """Secret, 1 to 200 bytes; the CDN sends the very same."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9-]{1,40}", self.header):
            raise ValueError(
                f"header is {self.header!r}; give 1 to 40 of a-z, 0-9 and -: AWS WAF compares headers in lower case"
            )


def check_path(prefix: str) -> None:
    if not prefix.startswith("/") or prefix != prefix.lower():
        raise ValueError(
            f"path_prefix is {prefix!r}; give a lower-case path that starts with '/' such as /api/: "
            "requests are compared in lower case, because routers ignore case too"
        )


def check_header(header: str | None) -> None:
    if header is not None and not re.fullmatch(r"[A-Za-z0-9-]{1,255}", header):
        raise ValueError(f"client_address_header is {header!r}; give the name of a header such as CF-Connecting-IP")
    if header is not None and header.lower() == "x-forwarded-for":
        raise ValueError(
            f"client_address_header is {header!r}; AWS WAF reads its first address, which the client itself may write. "
            "Give a header that the CDN overwrites (CF-Connecting-IP), or put the rule into the CLOUDFRONT web ACL"
        )
