"""AWS Cloud Map: the namespaces that ECS Service Connect uses."""

from __future__ import annotations

from ..behaviour import Behaviour, Name, Quota, documented
from .network import to_vpc
from .sources import api, created_only, schema_of, sdk

HTTP_NAMESPACE = "aws:servicediscovery/httpNamespace:HttpNamespace"
PRIVATE_NAMESPACE = "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace"
PUBLIC_NAMESPACE = "aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace"


def _dns_namespace(type: str, page: str, cloudformation_type: str, operation: str, *replacing: str) -> Behaviour:
    return Behaviour(
        type=type,
        source=sdk(page),
        id="ns-{hex16}",
        outputs={
            "arn": "arn:aws:servicediscovery:{region}:{account}:namespace/{id}",
            "hostedZone": lambda call: f"Z{call.hex(13, 'zone').upper()}",
        },
        replaces=frozenset({"name", *replacing}),
        replace_source=created_only(cloudformation_type),
        name=Name(
            longest=253 if "private" in type else 1024,
            pattern=r"[!-~]{1,253}",
            allowed="a domain name",
            automatic=False,
            unique=None,
            taken="NamespaceAlreadyExists",
            source=api("servicediscovery", operation),
        ),
        references=(to_vpc("vpc", holds=False),) if "vpc" in replacing else (),
    )


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=HTTP_NAMESPACE,
        source=sdk("servicediscovery/httpnamespace"),
        id="ns-{hex16}",
        outputs={
            "arn": "arn:aws:servicediscovery:{region}:{account}:namespace/{id}",
            "httpName": lambda call: call.get("name"),
        },
        replaces=frozenset({"description", "name"}),
        replace_source=schema_of("servicediscovery/http_namespace.go"),
        name=Name(
            longest=1024,
            pattern=r"(?!arn:)[!-~]+",
            allowed="printable characters without spaces, not starting with 'arn:'",
            taken="NamespaceAlreadyExists",
            source=api("servicediscovery", "CreateHttpNamespace"),
        ),
        quotas=(
            Quota(
                limit=50,
                per="region",
                what="namespaces per Region",
                code="ResourceLimitExceeded",
                source=documented(
                    "https://docs.aws.amazon.com/cloud-map/latest/dg/cloud-map-limits.html", read="2026-11-24"
                ),
            ),
        ),
    ),
    _dns_namespace(
        PRIVATE_NAMESPACE,
        "servicediscovery/privatednsnamespace",
        "AWS::ServiceDiscovery::PrivateDnsNamespace",
        "CreatePrivateDnsNamespace",
        "vpc",
    ),
    _dns_namespace(
        PUBLIC_NAMESPACE,
        "servicediscovery/publicdnsnamespace",
        "AWS::ServiceDiscovery::PublicDnsNamespace",
        "CreatePublicDnsNamespace",
    ),
)
