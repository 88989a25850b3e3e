"""The API below a path of the site's host name (`tierup:apiPath`): what the CDN needs to forward it.

The load balancer gets a second certificate, for the site's name: the CDN forwards the Host header of the request, and
verifies the load balancer's certificate with it. The API's own name and its certificate stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi import Input, Output, Resource, ResourceOptions

from components.alb.further_certificate import FurtherCertificate, FurtherCertificateArgs
from components.cloudfront.origins import LoadBalancerOrigin
from components.dns.certificate import Certificate, CertificateArgs
from stacks.context import StackContext
from stacks.resources.credentials import Credentials
from stacks.resources.load_balancer import ApiLoadBalancer, load_balancer_origin


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiRoute:
    """How the site's CDN reaches the API."""

    path: str  # the pattern of tierup:apiPath
    load_balancer: Input[str]  # its DNS name
    origin: LoadBalancerOrigin
    needed: Sequence[Resource]  # what must exist before the CDN forwards requests


def create_api_route(
    context: StackContext,
    credentials: Credentials,
    api: ApiLoadBalancer,
    site_records: Input[Sequence[str]] | None = None,
) -> ApiRoute | None:
    """Create the load balancer's certificate for the site's name. Return None without `tierup:apiPath`.

    `site_records` are the validation records of the site's certificate, whose first one is that of its name; ACM uses
    the same record for both certificates.
    """
    path = context.settings.api_path
    if path is None:
        return None
    first = None if site_records is None else Output.from_input(site_records).apply(lambda names: list(names)[:1])
    certificate = Certificate(
        "api-site-certificate",
        CertificateArgs(
            domain_name=context.settings.domain,
            zone_id=None if first is not None else context.lookups.hosted_zone_id,
            dns_validation=None if first is not None else context.lookups.dns_validation,
            validation_records=first,
            tags=context.tags,
        ),
        context.opts,
    )
    further = FurtherCertificate(
        "api-site",
        FurtherCertificateArgs(listener_arn=api.load_balancer.https_listener_arn, certificate_arn=certificate.arn),
        context.opts,
    )
    return ApiRoute(
        path=path,
        load_balancer=api.load_balancer.dns_name,
        origin=load_balancer_origin(context, api.load_balancer.dns_name, credentials.values["ORIGIN_KEY"]),
        needed=[further],
    )


def after(opts: ResourceOptions, route: ApiRoute | None) -> ResourceOptions:
    """Return the options of a resource that forwards requests to the API."""
    if route is None:
        return opts
    return ResourceOptions.merge(opts, ResourceOptions(depends_on=list(route.needed)))
