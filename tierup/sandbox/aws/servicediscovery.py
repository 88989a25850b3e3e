"""AWS Cloud Map: the namespaces that ECS Service Connect uses."""

from __future__ import annotations

from ..behaviour import Behaviour, Name, Quota, documented
from .sources import api, created_only, sdk

HTTP_NAMESPACE = "aws:servicediscovery/httpNamespace:HttpNamespace"

BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=HTTP_NAMESPACE,
        source=sdk("servicediscovery/httpnamespace"),
        id="ns-{hex16}",
        outputs={
            "arn": "arn:aws:servicediscovery:{region}:{account}:namespace/{id}",
            "httpName": lambda call: call.get("name"),
        },
        replaces=frozenset({"name"}),
        replace_source=created_only("AWS::ServiceDiscovery::HttpNamespace"),
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
)
