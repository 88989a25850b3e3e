"""Where the database and the cache of a stack listen, for a port that is forwarded to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import dns.exception
import dns.resolver

from tierup.deployment.errors import CommandError, ExitCode

_REDIS_PORT: Final = 6379

Resolve = Callable[[str], tuple[str, int]]
"""Returns host and port of the first node behind a host of mongodb+srv."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DataEndpoint:
    """One host that a task reaches."""

    host: str
    port: int
    hint: str
    """How a client connects to the forwarded port, a sentence."""


def endpoint_of(target: str, outputs: Mapping[str, Any], resolve: Resolve | None = None) -> DataEndpoint:
    """Return the endpoint of `database` or `cache` by the stack's outputs. Raises CommandError if there is none."""
    if target == "cache":
        text = outputs.get("cache_endpoint")
        if not isinstance(text, str):
            raise CommandError(
                "TARGET: the stack has no cache (got cache). Phase optimization and later phases have one.",
                ExitCode.SETTINGS,
            )
        host, _, port = text.partition(":")
        return DataEndpoint(
            host=host,
            port=int(port or _REDIS_PORT),
            hint=f"Use TLS with the server name {host} (valkey-cli --tls --sni {host}).",
        )
    text = outputs.get("database_host")
    if not isinstance(text, str):
        raise CommandError(
            "TARGET: the stack has no database host (got database). Run `tierup up` first.", ExitCode.SETTINGS
        )
    host, port = (resolve or _first_node)(text)
    return DataEndpoint(
        host=host,
        port=port,
        hint="Use mongodb://localhost with directConnection=true, tls=true and tlsAllowInvalidHostnames=true, and your "
        "database user, or the user of --user.",
    )


def _first_node(host: str) -> tuple[str, int]:
    """Return a node of a cluster: Atlas publishes them as SRV records.

    https://github.com/mongodb/specifications/blob/master/source/initial-dns-seedlist-discovery/ (read 2026-11-28)
    """
    try:
        answers = sorted(dns.resolver.resolve(f"_mongodb._tcp.{host}", "SRV", lifetime=10), key=str)
    except dns.exception.DNSException as error:
        raise CommandError(
            f"database_host: the nodes of the database could not be resolved (got {host}: {type(error).__name__}). "
            "Check the DNS of this machine."
        ) from error
    return str(answers[0].target).rstrip("."), int(answers[0].port)
