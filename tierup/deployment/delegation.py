"""The delegation of a stack's domain: which DNS provider the registrar's name servers belong to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Final

from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.workspace import Workspace
from tierup.dns_queries import UnansweredQueryError, query_closest
from tierup.sandbox import cloud_path
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.registrar import RECORDS, DnsProvider, delegated, delegations, first_provider
from tierup.sandbox.traffic.hops.dns import record_name

_NAME_SERVERS: Final = {
    DnsProvider.ROUTE53: re.compile(r"ns-\d+\.awsdns-\d+\.(com|net|org|co\.uk)"),
    DnsProvider.CLOUDFLARE: re.compile(r"[a-z]+\.ns\.cloudflare\.com"),
}
"""The host names of the providers' name servers. Route 53:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html; Cloudflare:
https://developers.cloudflare.com/dns/nameservers/ (both from memory). Name servers with the domain's own names (white
labels, custom name servers) are not recognized."""
DNS_PROVIDERS: Final[Mapping[str, DnsProvider]] = {
    "cloudfront": DnsProvider.ROUTE53,
    "cloudflare": DnsProvider.CLOUDFLARE,
}
"""The value of tierup:cdn → the DNS provider of the stack's names."""

_LABELS: Final = {DnsProvider.ROUTE53: "Route 53", DnsProvider.CLOUDFLARE: "Cloudflare"}

DELEGATION_SECONDS: Final = 172_800
"""How long resolvers keep the name servers of a domain: the TTL of the NS records in the zones of com and net.
https://www.iana.org/domains/root/db/com.html and the zones themselves (from memory)."""


def check_delegation(workspace: Workspace, hosts: Sequence[str], wanted: DnsProvider) -> None:
    """Raise CommandError unless the registrar delegates all host names to a DNS provider."""
    found = {host: _provider(workspace, host) for host in hosts}
    other = {host: provider for host, provider in found.items() if provider is not wanted}
    if not other:
        return
    host, provider = next(iter(other.items()))
    action = (
        f"Run `tierup sandbox delegate DOMAIN --to {wanted}` with the domain, which the registrar would do"
        if workspace.in_sandbox
        else f"Set the name servers of the {_LABELS[wanted]} zone at the registrar"
        + (
            ", and wait until Cloudflare shows the zone and its Universal certificate as active"
            if wanted is DnsProvider.CLOUDFLARE
            else ""
        )
    )
    got = _LABELS[provider] if provider else "another DNS provider"
    raise CommandError(
        f"tierup:cdn: the registrar does not delegate {host} to {_LABELS[wanted]} (got {got}), so clients would not "
        f"find what this step leaves. {action}.",
        ExitCode.PREFLIGHT,
    )


def _provider(workspace: Workspace, host: str) -> DnsProvider | None:
    if workspace.home is None:
        return provider_of(_name_servers(host))
    with closing(Cloud(cloud_path(workspace.home))) as cloud:
        records = [
            record for type in RECORDS for record in cloud.find(type)
            if record_name(record) == host
        ]  # fmt: skip
        return delegated(host, delegations(cloud)) or first_provider(records)


def provider_of(name_servers: Sequence[str]) -> DnsProvider | None:
    """Return the provider to which all name servers belong, or None."""
    for provider, pattern in _NAME_SERVERS.items():
        if name_servers and all(pattern.fullmatch(each.rstrip(".").lower()) for each in name_servers):
            return provider
    return None


def _name_servers(host: str) -> Sequence[str]:
    """Return the name servers of the nearest zone that contains a name. Raises CommandError if no server answers."""
    try:
        _, records = query_closest(host, "NS")
    except UnansweredQueryError as error:
        raise CommandError(f"{error} Check the connection, and run the command again.") from error
    return [str(each.target) for each in records]
