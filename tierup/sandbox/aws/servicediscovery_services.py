"""AWS Cloud Map: services and instances, and what their namespace and records allow."""

from __future__ import annotations

from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, documented, one_for_each, rule, values_at
from .network import APPLY
from .servicediscovery import HTTP_NAMESPACE, PRIVATE_NAMESPACE, PUBLIC_NAMESPACE
from .sources import api, sdk

_SERVICE = "aws:servicediscovery/service:Service"
_INSTANCE = "aws:servicediscovery/instance:Instance"
_INVALID = "InvalidInput"
_MODEL = documented(
    "AWS API model of servicediscovery (botocore 1.44), CreateServiceRequest: HealthCheckConfig, DnsConfig;"
    " RegisterInstanceRequest: Attributes",
    read="2026-11-29",
)


@rule("discovery-service-fits-namespace", *APPLY, source=_MODEL)
def _fits(call: Call) -> Iterator[Rejection]:
    if call.get("healthCheckConfig") and call.get("healthCheckCustomConfig"):
        yield Rejection(
            "healthCheckConfig", "Specify either healthCheckConfig or healthCheckCustomConfig (got both).", _INVALID
        )
    namespace = str(call.get("dnsConfig.namespaceId") or call.get("namespaceId"))
    if call.get("dnsConfig") and call.cloud.get(HTTP_NAMESPACE, namespace) is not None:
        yield Rejection("dnsConfig", "A service of an HTTP namespace cannot have DNS records.", _INVALID)
    if call.get("healthCheckConfig") and call.cloud.get(PRIVATE_NAMESPACE, namespace) is not None:
        yield Rejection(
            "healthCheckConfig", "Health checks of Route 53 are not supported for a private DNS namespace.", _INVALID
        )


_WANTED = {
    "A": ("AWS_INSTANCE_IPV4", "AWS_ALIAS_DNS_NAME"),
    "AAAA": ("AWS_INSTANCE_IPV6", "AWS_ALIAS_DNS_NAME"),
    "CNAME": ("AWS_INSTANCE_CNAME",),
    "SRV": ("AWS_INSTANCE_PORT",),
}


@rule("instance-has-attributes-of-records", *APPLY, source=_MODEL)
def _attributes(call: Call) -> Iterator[Rejection]:
    service = call.cloud.get(_SERVICE, str(call.get("serviceId")))
    given = call.get("attributes") or {}
    kinds = set(values_at(service.inputs, "dnsConfig.dnsRecords[*].type")) if service is not None else set[str]()
    for kind, wanted in _WANTED.items():
        if kind in kinds and not any(given.get(each) for each in wanted):
            yield Rejection(
                "attributes", f"The service has {kind} records, which require the attribute {' or '.join(wanted)}.",
                _INVALID,
            )  # fmt: skip


PARTIAL_BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(type=_SERVICE, source=sdk("servicediscovery/service"), rules=(_fits,)),
    Behaviour(type=_INSTANCE, source=sdk("servicediscovery/instance"), rules=(_attributes,)),
    *(
        Behaviour(
            type=kind,
            source=sdk("servicediscovery/privatednsnamespace"),
            rules=(
                one_for_each(
                    *scope, code="ConflictingDomainExists", source=api("servicediscovery", "CreatePrivateDnsNamespace")
                ),
            ),
        )
        for kind, scope in ((PRIVATE_NAMESPACE, ("name", "vpc")), (PUBLIC_NAMESPACE, ("name",)))
    ),
)
