"""Queries of the public DNS, such as that for the name servers of a domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import dns.exception
import dns.resolver

NameServer = tuple[str, int]
"""Address and port."""

_SECONDS: Final = 10.0


class UnansweredQueryError(Exception):
    """No server answered a query. The text names the query."""


def query(name: str, kind: str, name_server: NameServer | None = None) -> Sequence[Any]:
    """Return the records of a name, or none. `name_server` is asked in place of the machine's resolvers.

    Raises UnansweredQueryError.
    """
    resolver = _resolver(name_server)
    resolver.lifetime = _SECONDS
    try:
        return list(resolver.resolve(f"{name}.", kind))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except (dns.exception.DNSException, OSError) as error:
        raise UnansweredQueryError(
            f"The DNS query {kind} of {name} was not answered (got {type(error).__name__})."
        ) from error


def query_closest(name: str, kind: str, name_server: NameServer | None = None) -> tuple[str, Sequence[Any]]:
    """Return the records of the name or the nearest one above it, with that name; the name itself if there are none.

    The top-level domain is not asked. Raises UnansweredQueryError.
    """
    labels = name.split(".")
    for level in range(len(labels) - 1):
        above = ".".join(labels[level:])
        if records := query(above, kind, name_server):
            return above, records
    return name, ()


def _resolver(name_server: NameServer | None) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=name_server is None)
    if name_server is not None:
        address, resolver.port = name_server
        resolver.nameservers = [address]
    return resolver
