"""The list of rules, in the order of the guide's checklist. A rule that is not in it does not run."""

from __future__ import annotations

from .cache import authenticated, encrypted
from .cdn import cors_origins, headers_attached, security_headers, viewer_https, viewer_tls_version
from .container import allowed_origins, plain_secrets
from .database import access_list
from .firewall import body_size, managed_rules, rate_limit
from .load_balancer import http_rules_redirect, https_only, tls_version
from .network import service_behind_edge, world_ingress
from .rule import ResourceRule, StackRule
from .storage import public_access

RULES: tuple[ResourceRule | StackRule, ...] = (
    https_only.RULE,
    http_rules_redirect.RULE,
    tls_version.RULE,
    viewer_https.RULE,
    viewer_tls_version.RULE,
    rate_limit.RULE,
    managed_rules.RULE,
    body_size.RULE,
    plain_secrets.RULE,
    headers_attached.RULE,
    security_headers.RULE,
    cors_origins.RULE,
    allowed_origins.RULE,
    world_ingress.RULE,
    service_behind_edge.RULE,
    access_list.RULE,
    encrypted.RULE,
    authenticated.RULE,
    public_access.RULE,
)
