"""The API below a path of the site's host name (`tierup:apiPath`): what the CDN needs to forward it.

The load balancer gets a second certificate, for the names of the site: the CDN forwards the Host header of the request,
and verifies the load balancer's certificate with it. The API's own name and its certificate stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from pulumi import Input, Output

from components.alb.further_certificate import FurtherCertificate, FurtherCertificateArgs
from components.dns.certificate import Certificate, CertificateArgs
from stacks.context import StackContext
from stacks.resources.api_route import ApiRoute
from stacks.resources.credentials import Credentials
from stacks.resources.load_balancer import ApiLoadBalancer, load_balancer_origin


def create_api_route(
    context: StackContext,
    credentials: Credentials,
    api: ApiLoadBalancer,
    site_records: Input[Sequence[str]] | None = None,
) -> ApiRoute | None:
    """Create the load balancer's certificate for the names of the site. Return None without `tierup:apiPath`.

    `site_records` are the validation records of the site's certificate, whose first ones are those of the names that
    serve the site; ACM uses the same records for both certificates.
    """
    path = context.settings.api_path
    if path is None:
        return None
    served = len(context.settings.site_hosts)
    first = None if site_records is None else Output.from_input(site_records).apply(lambda names: list(names)[:served])
    certificate = Certificate(
        "api-site-certificate",
        CertificateArgs(
            domain_name=context.settings.domain,
            alternative_names=context.settings.site_aliases,
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
