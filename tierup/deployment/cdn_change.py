"""Rejects changes of `tierup:cdn` and `tierup:cdnStandby` after which clients would not find the stack.

A direct change moves both host names to another DNS provider in one `up`, and they would not resolve until the
registrar delegates the domain to it. The end of a standby deletes the records of its DNS provider.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.delegation import DNS_PROVIDERS, check_delegation
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.workspace import Workspace

_KEY: Final = "tierup:cdn"
_STANDBY: Final = "tierup:cdnStandby"
_DEFAULT: Final = "cloudfront"
_SITE_RECORDS: Final = {  # the CDN by the end of the URN of the site's DNS record
    "aws:route53/record:Record::site-alias-a": "cloudfront",
    "cloudflare:index/dnsRecord:DnsRecord::site-record-cname": "cloudflare",
}


def check_cdn(workspace: Workspace, state: Checkpoint) -> None:
    """Raise CommandError if the settings leave a deployed stack without the CDN that clients find."""
    config: Mapping[str, Any] = workspace.project.settings(workspace.stack).get("config") or {}
    if "tierup:phase" not in config:
        return  # not this program
    wanted = str(config.get(_KEY) or _DEFAULT)
    deployed = deployed_cdns(str(each["urn"]) for each in state.resources)
    if deployed and wanted not in deployed:
        (other,) = deployed
        raise CommandError(
            f"{_KEY}: a deployed stack must not change its CDN in one `up` (got {wanted}, deployed is {other}). Both"
            " host names would move to another DNS provider and not resolve until the registrar delegates the domain"
            f" to it. Set it back to {other}, and run `tierup switch {workspace.flags} --cdn {wanted}`; or, if the new"
            " provider already answers for both names and the registrar delegates to it, add --allow-cdn-change.",
            ExitCode.SETTINGS,
        )
    if len(deployed) > 1 and config.get(_STANDBY) is None:
        check_delegation(workspace, [str(config["tierup:domain"])], DNS_PROVIDERS[wanted])


def deployed_cdns(urns: Iterable[str]) -> frozenset[str]:
    """Return the CDNs of a deployed stack by the DNS records of its site."""
    return frozenset(cdn for urn in urns for end, cdn in _SITE_RECORDS.items() if urn.endswith(end))
