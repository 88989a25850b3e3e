"""AWS WAF: web ACLs and their rules."""

from __future__ import annotations

from tierup.components.loading import own_components

with own_components():
    from components.waf.client_rules import BotControl, BotInspection, ClientRestrictions, OriginKey
    from components.waf.rules import Mode, RateLimit
    from components.waf.web_acl import Scope, WebAcl, WebAclArgs

__all__ = [
    "BotControl",
    "BotInspection",
    "ClientRestrictions",
    "Mode",
    "OriginKey",
    "RateLimit",
    "Scope",
    "WebAcl",
    "WebAclArgs",
]
