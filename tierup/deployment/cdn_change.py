"""Rejects a direct change of `tierup:cdn`.

Both host names would move to another DNS provider in one `up`, and would not resolve until the registrar delegates the
domain to it, which takes up to two days. The same `up` deletes the resources that served them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from tierup.deployment.checkpoint import Checkpoint
from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.workspace import Workspace

_KEY: Final = "tierup:cdn"
_DEFAULT: Final = "cloudfront"
_SITE_RECORDS: Final = {  # the CDN by the end of the URN of the site's DNS record
    "aws:route53/record:Record::site-alias-a": "cloudfront",
    "cloudflare:index/dnsRecord:DnsRecord::site-record-cname": "cloudflare",
}


def check_cdn(workspace: Workspace, state: Checkpoint) -> None:
    """Raise CommandError if the settings have another CDN than the deployed stack."""
    config: Mapping[str, Any] = workspace.project.settings(workspace.stack).get("config") or {}
    if "tierup:phase" not in config:
        return  # not this program
    wanted = str(config.get(_KEY) or _DEFAULT)
    deployed = deployed_cdn(str(each["urn"]) for each in state.resources)
    if deployed is not None and deployed != wanted:
        raise CommandError(
            f"{_KEY}: a deployed stack must not change its CDN in one `up` (got {wanted}, deployed is {deployed}). Both"
            " host names would move to another DNS provider and not resolve until the registrar delegates the domain"
            f" to it. Set it back to {deployed}; or, if the new provider already answers for both names and the"
            " registrar delegates to it, add --allow-cdn-change.",
            ExitCode.SETTINGS,
        )


def deployed_cdn(urns: Iterable[str]) -> str | None:
    """Return the CDN of a deployed stack by the DNS record of its site; None if it has none or both."""
    found = {cdn for urn in urns for end, cdn in _SITE_RECORDS.items() if urn.endswith(end)}
    return found.pop() if len(found) == 1 else None
