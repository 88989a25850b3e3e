"""The Cloud Map namespace of ECS Service Connect, in which services call each other by name.

Creates an HTTP namespace, which is free; Service Connect needs no DNS namespace.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi_aws as aws
from pulumi import ComponentResource, Output, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceNamespaceArgs:
    """Arguments of ServiceNamespace."""

    tags: Mapping[str, str]
    """Tags of every taggable resource; a Name is added."""


class ServiceNamespace(ComponentResource):
    """An HTTP namespace for the services of one stack."""

    arn: Output[str]
    """ARN of the namespace, for ServiceConnect.namespace_arn."""

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
