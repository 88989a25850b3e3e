"""The delegation of a stack's domain: which DNS provider the registrar's name servers belong to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Final

import dns.exception
import dns.resolver

from tierup.deployment.errors import CommandError, ExitCode
from tierup.deployment.workspace import Workspace
from tierup.sandbox import cloud_path
from tierup.sandbox.cloud import Cloud
from tierup.sandbox.registrar import RECORDS, DnsProvider, delegated, delegations, first_provider

if TYPE_CHECKING:
    # A run-time import would load the packages of tierup's program, which a project's program must not get.
    from tierup.program_settings import Settings

_NAME_SERVERS: Final = {
    DnsProvider.ROUTE53: re.compile(r"ns-\d+\.awsdns-\d+\.(com|net|org|co\.uk)"),
    DnsProvider.CLOUDFLARE: re.compile(r"[a-z]+\.ns\.cloudflare\.com"),
}
"""The host names of the providers' name servers. Route 53:
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html; Cloudflare:
https://developers.cloudflare.com/dns/nameservers/ (both from memory). Name servers with the domain's own names (white
labels, custom name servers) are not recognized."""
_SECONDS: Final = 10.0
DNS_PROVIDERS: Final[Mapping[str, DnsProvider]] = {
    "cloudfront": DnsProvider.ROUTE53,
    "cloudflare": DnsProvider.CLOUDFLARE,
}
"""The value of tierup:cdn → the DNS provider of the stack's names."""

_LABELS: Final = {DnsProvider.ROUTE53: "Route 53", DnsProvider.CLOUDFLARE: "Cloudflare"}

DELEGATION_SECONDS: Final = 172_800
"""How long resolvers keep the name servers of a domain: the TTL of the NS records in the zones of com and net.
https://www.iana.org/domains/root/db/com.html and the zones themselves (from memory)."""


def delegated_hosts(settings: Settings) -> Sequence[str]:
    """Return the host names that the registrar must delegate."""
    return (settings.domain, settings.api_host, *settings.further_site_names)


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
            if str(record.value("fqdn") or record.value("name") or "").rstrip(".") == host
        ]  # fmt: skip
        return delegated(host, delegations(cloud)) or first_provider(records)


def provider_of(name_servers: Sequence[str]) -> DnsProvider | None:
    """Return the provider to which all name servers belong, or None."""
    for provider, pattern in _NAME_SERVERS.items():
        if name_servers and all(pattern.fullmatch(each.rstrip(".").lower()) for each in name_servers):
            return provider
    return None


def _resolver() -> dns.resolver.Resolver:
    return dns.resolver.Resolver()


def _name_servers(host: str) -> Sequence[str]:
    """Return the name servers of the nearest zone that contains a name. Raises CommandError if no server answers."""
    labels = host.split(".")
    resolver = _resolver()
    resolver.lifetime = _SECONDS
    for level in range(len(labels) - 1):
        name = ".".join(labels[level:])
        try:
            return [str(each.target) for each in resolver.resolve(f"{name}.", "NS")]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            continue
        except (dns.exception.DNSException, OSError) as error:
            raise CommandError(
                f"The DNS query NS of {name} was not answered (got {type(error).__name__}). Check the connection, and "
                "run the command again."
            ) from error
    return ()
