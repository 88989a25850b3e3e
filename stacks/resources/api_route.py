"""How the site's CDN reaches the API below a path of the site's host name. This module creates no resources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Input, Resource, ResourceOptions

from components.cloudfront.origins import LoadBalancerOrigin


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiRoute:
    """How the site's CDN reaches the API."""

    path: str  # the pattern of tierup:apiPath
    load_balancer: Input[str]  # its DNS name
    origin: LoadBalancerOrigin
    needed: Sequence[Resource]  # what must exist before the CDN forwards requests


def after(opts: ResourceOptions, route: ApiRoute | None) -> ResourceOptions:
    """Return the options of a resource that forwards requests to the API."""
    if route is None:
        return opts
    return ResourceOptions.merge(opts, ResourceOptions(depends_on=list(route.needed)))
