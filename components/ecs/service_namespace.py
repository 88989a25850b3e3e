"""Where services that call each other are known by name: a Cloud Map namespace for Service Connect.

Makes: an HTTP namespace; Service Connect needs no DNS zone, and an HTTP namespace costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceNamespaceArgs:
    """What one namespace needs."""

    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""


class ServiceNamespace(ComponentResource):
    """A namespace for the services of one stack."""

    arn: Output[str]
    """For each service's `connect`."""

    def __init__(self, name: str, args: ServiceNamespaceArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:ServiceNamespace", name, None, opts)
        namespace = aws.servicediscovery.HttpNamespace(
            f"{name}-namespace",
            description="Services that call each other by ECS Service Connect",
            tags={**args.tags, "Name": f"{name}-namespace"},
            opts=ResourceOptions(parent=self),
        )
        self.arn = namespace.arn
        self.register_outputs({"arn": self.arn})
