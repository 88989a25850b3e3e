"""Constraints: the network, and existing load balancers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.vpc.nat import NatKind
from stacks.catalog.phases import Feature, features
from stacks.config.errors import ConfigError, setting_error

if TYPE_CHECKING:
    from stacks.config.model import Settings


def network_errors(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each setting of the network or an existing load balancer that cannot be deployed."""
    yield from _network(settings)
    yield from _existing_load_balancer(settings)


def _network(settings: Settings) -> Iterator[ConfigError]:
    private = Feature.PRIVATE_SUBNETS in features(settings.phase)
    if private and settings.nat is NatKind.NONE and settings.image is None:
        yield setting_error(
            "nat",
            "without NAT private tasks cannot pull the default image, which is in a public registry",
            "Set an image in ECR, which tasks pull through VPC endpoints, or another value of tierup:nat",
            "pulumi config set tierup:image <account>.dkr.ecr.<region>.amazonaws.com/<name>:<tag>",
            got=settings.nat,
        )
    if "nat_instance_type" in settings.model_fields_set and settings.nat_kind is not NatKind.INSTANCE:
        yield setting_error(
            "natInstanceType",
            f"the setting has no effect with tierup:nat {settings.nat_kind}",
            "Remove it, or choose the NAT instance",
            "pulumi config rm tierup:natInstanceType, or pulumi config set tierup:nat instance",
        )
    if settings.existing_network is not None and settings.nat is not None:
        yield setting_error(
            "nat",
            "the setting has no effect with tierup:existingNetwork, whose owner provides NAT",
            "Remove it",
            "pulumi config rm tierup:nat",
        )
    fixed = (
        "existingNetwork" if settings.existing_network else "availabilityZones" if settings.availability_zones else ""
    )
    if settings.excluded_zone_ids and fixed:
        yield setting_error(
            "excludedZoneIds",
            f"the setting has no effect with tierup:{fixed}, which names the zones",
            "Remove it",
            "pulumi config rm tierup:excludedZoneIds",
        )
    if settings.existing_network is not None and private and not settings.existing_network.private_subnet_ids:
        yield setting_error(
            "existingNetwork.privateSubnetIds",
            f"the setting is missing, and phase {settings.phase} requires it",
            "Set the subnets that reach the internet through NAT, by availability zone",
            "pulumi config set --path tierup:existingNetwork.privateSubnetIds.<zone> subnet-...",
        )


def _existing_load_balancer(settings: Settings) -> Iterator[ConfigError]:
    if settings.existing_load_balancer is None:
        return
    if settings.allowed_addresses:
        yield setting_error(
            "allowedAddresses",
            "the owner of the existing load balancer limits its clients, not this stack",
            "Limit the addresses in the owner's web ACL, or let the stack have its own load balancer",
            "pulumi config rm tierup:allowedAddresses",
            got=", ".join(settings.allowed_addresses),
        )
    if settings.existing_network is None:
        yield setting_error(
            "existingLoadBalancer",
            "the setting needs tierup:existingNetwork, because a load balancer reaches only targets in its own VPC",
            "Set the network that the load balancer is in",
            "pulumi config set --path tierup:existingNetwork.vpcId vpc-..., and its subnets and route tables",
        )
