"""Managed hosts: which project or service answers for a name, whether it runs, and how it reaches the database.

The objects of Netlify and Railway are not rows of the sandbox's file but those of its host APIs (`store.host_rows`), as
they are at the end of a run. A host issues the certificate of a name after DNS points at it; the model counts it as
issued.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import Hop, Request, World, fails, passes
from ..rows import Rows, label, listed

VERCEL_PROJECT = "vercel:index/project:Project"
VERCEL_DOMAIN = "vercel:index/projectDomain:ProjectDomain"
RENDER_SERVICE = "render:services:WebService"
RENDER_DOMAIN = "render:services:CustomDomain"
RENDER_VARIABLES = "render:services:EnvVarsForService"
NETLIFY_SITE = "netlify/site"
RAILWAY_SERVICE = "railway/service"
RAILWAY_DOMAIN = "railway/domain"

RENDER_RANGES: Final[Mapping[str, tuple[str, ...]]] = {
    "oregon": ("74.220.48.0/24", "74.220.56.0/24"),
    "ohio": ("74.220.49.0/24", "74.220.57.0/24"),
    "virginia": ("74.220.50.0/24", "74.220.58.0/24"),
    "frankfurt": ("74.220.51.0/24", "74.220.59.0/24"),
    "singapore": ("74.220.52.0/24", "74.220.60.0/24"),
}
"""Region of Render → addresses of outgoing connections, as its dashboard shows them (public repositories that quote it,
read 2026-11-28)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """A managed host."""

    name: str  # "Vercel"
    serves: str  # "site" or "api"
    names: str  # regular expression of the names that a CNAME record points at
    addresses: tuple[str, ...] = ()  # that an A record points at
    answers: Callable[[Rows, str, str], Iterator[Hop]]
    """Yields the hops of a name: the rows, the name, and the content of its record."""


def _missing(host: str, name: str) -> Hop:
    reason = f"No project or service on {host} has the domain {name}."
    return fails("host", host, "domain", reason, sources.HOST_DOMAINS)


def _runs(row: CloudResource, host: str, name: str) -> Hop:
    return passes("host", label(row), "domain", f"{label(row)} on {host} answers for {name}.", sources.HOST_DOMAINS)


def _vercel(rows: Rows, name: str, _content: str) -> Iterator[Hop]:
    domain = rows.one(VERCEL_DOMAIN, domain=name)
    if domain is None:
        yield _missing("Vercel", name)
        return
    project = rows.one(VERCEL_PROJECT, id=str(domain.value("projectId")))
    if project is None:
        yield fails("host", label(domain), "projectId", "The project does not exist.", sources.HOST_DOMAINS)
        return
    if domain.value("verified") is False:
        yield fails("host", label(domain), "verified", "Vercel has not verified the domain.", sources.HOST_DOMAINS)
    yield _runs(project, "Vercel", name)


def _netlify(rows: Rows, name: str, _content: str) -> Iterator[Hop]:
    site = rows.one(NETLIFY_SITE, custom_domain=name)
    if site is None:
        yield _missing("Netlify", name)
        return
    if not int(site.value("builds") or 0):
        yield fails("host", label(site), "builds", "The site was never built.", sources.HOST_DOMAINS)
    yield _runs(site, "Netlify", name)


def _render(rows: Rows, name: str, content: str) -> Iterator[Hop]:
    domain = rows.one(RENDER_DOMAIN, name=name)
    service = rows.one(RENDER_SERVICE, id=str(domain.value("serviceId"))) if domain is not None else None
    if service is None:
        yield _missing("Render", name)
        return
    if content != f"{service.value('slug')}.onrender.com":
        reason = f"The record points at {content}, which is not the name of {label(service)}."
        yield fails("host", label(service), "slug", reason, sources.HOST_DOMAINS)
    if str(service.value("suspended") or "not_suspended") != "not_suspended":
        yield fails("host", label(service), "suspended", "The service is suspended.", sources.HOST_DOMAINS)
    instances = (service.value("serviceDetails") or {}).get("numInstances")
    if instances is not None and not int(instances):
        yield fails("host", label(service), "numInstances", "The service has no instance.", sources.HOST_DOMAINS)
    yield _runs(service, "Render", name)


def _railway(rows: Rows, name: str, _content: str) -> Iterator[Hop]:
    domain = rows.one(RAILWAY_DOMAIN, domain=name)
    service = rows.one(RAILWAY_SERVICE, id=str(domain.value("serviceId"))) if domain is not None else None
    if domain is None or service is None:
        yield _missing("Railway", name)
        return
    if not int(service.value("deployments") or 0):
        yield fails("host", label(service), "deployments", "The service was never deployed.", sources.HOST_DOMAINS)
    port = variables(rows, service).get("PORT")
    if port is not None and str(domain.value("targetPort")) != port:
        reason = f"The domain leads to port {domain.value('targetPort')}, and the service listens on {port}."
        yield fails("host", label(service), "targetPort", reason, sources.HOST_DOMAINS)
    yield _runs(service, "Railway", name)


HOSTS: Final = (
    Host(
        name="Vercel", serves="site", names=r".+\.(vercel-dns(-\d+)?\.com|vercel\.app)", addresses=("76.76.21.21",),
        answers=_vercel,
    ),
    Host(
        name="Netlify", serves="site", names=r".+\.netlify\.(app|com)", addresses=("75.2.60.5",),
        answers=_netlify,
    ),
    Host(name="Render", serves="api", names=r".+\.onrender\.com", answers=_render),
    Host(name="Railway", serves="api", names=r".+\.up\.railway\.app", answers=_railway),
)  # fmt: skip


def host_of(content: str) -> Host | None:
    """Return the host that the content of a record leads to, or None."""
    name = content.rstrip(".").lower()
    return next((each for each in HOSTS if name in each.addresses or re.fullmatch(each.names, name)), None)


def serve(world: World, content: str, request: Request) -> Iterator[Hop]:
    """Yield the hops of a request to a host: the object that answers for its name, and whether it runs."""
    host = host_of(content)
    if host is not None:
        yield from host.answers(world.rows, request.host, content)


def services(rows: Rows) -> list[CloudResource]:
    """Return the services of an API on a host."""
    return [*rows.all(RENDER_SERVICE), *rows.all(RAILWAY_SERVICE)]


def variables(rows: Rows, service: CloudResource) -> dict[str, str]:
    """Return the environment of a service."""
    if service.type == RAILWAY_SERVICE:
        return {str(name): str(value) for name, value in (service.value("variables") or {}).items()}
    own: list[Any] = listed(service.value("envVars"))
    for row in rows.find(RENDER_VARIABLES, serviceId=service.id):
        own += listed(row.value("envVars"))
    return {str(each.get("key")): str(each.get("value")) for each in own}


def outgoing(service: CloudResource) -> list[str]:
    """Return the addresses from which a service connects, as CIDR blocks; [] if they are unknown."""
    if service.type == RAILWAY_SERVICE:
        return [f"{each.get('ipv4')}/32" for each in listed(service.value("egress")) if each.get("ipv4")]
    return list(RENDER_RANGES.get(str((service.value("serviceDetails") or {}).get("region")), ()))
