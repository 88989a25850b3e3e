"""A fault for each rule of this area."""

from __future__ import annotations

from collections.abc import Mapping

from tests.policies.breaks import Break

BREAKS: Mapping[str, Break] = {
    "WAF-001": Break("aws:wafv2/webAclAssociation:WebAclAssociation", {}),
    "WAF-002": Break("aws:wafv2/webAcl:WebAcl", {"rules": []}),
    "WAF-003": Break("aws:wafv2/webAcl:WebAcl", {"rules": []}),
}
