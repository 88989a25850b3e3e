"""An EKS add-on at a pinned version, with its own role if it calls AWS.

Creates the add-on. EKS installs it, and upgrades it only when the version changes here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi_aws as aws
from pulumi import ComponentResource, Input, Output, ResourceOptions

_VERSION = re.compile(r"v\d+\.\d+\.\d+-eksbuild\.\d+")


@dataclass(frozen=True, kw_only=True, slots=True)
class EksAddonArgs:
    """Arguments of EksAddon. Raises ValueError for a version that is not one of EKS."""

    cluster_name: Input[str]
    """Name of the cluster."""
    addon_name: str
    """Name of the add-on, such as metrics-server."""
    version: str
    """Version of the add-on, such as v0.8.1-eksbuild.5, which must support the cluster's Kubernetes version."""
    tags: Mapping[str, str]
    """Tags of the add-on; a Name is added."""
    configuration: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Values that the add-on's configuration schema allows. They contain no secret: EKS returns them."""

    def __post_init__(self) -> None:
        if not _VERSION.fullmatch(self.version):
            raise ValueError(
                f"version: not the version of an add-on (got {self.version!r}). Set one such as v0.8.1-eksbuild.5, "
                "which `aws eks describe-addon-versions` lists."
            )


class EksAddon(ComponentResource):
    """One add-on of a cluster."""

    arn: Output[str]
    """ARN of the add-on, which resolves when it is active."""

    def __init__(self, name: str, args: EksAddonArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:EksAddon", name, None, opts)
        addon = aws.eks.Addon(
            f"{name}-addon",
            cluster_name=args.cluster_name,
            addon_name=args.addon_name,
            addon_version=args.version,
            configuration_values=json.dumps(args.configuration, sort_keys=True) if args.configuration else None,
            # The program owns the configuration: a value that someone changed in the cluster is set back.
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="OVERWRITE",
            tags={**args.tags, "Name": f"{name}-addon"},
            opts=ResourceOptions(parent=self),
        )
        self.arn = addon.arn
        self.register_outputs({"arn": self.arn})
