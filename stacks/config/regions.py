"""Constraints of tierup:regions: what several regions need of the other settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic.alias_generators import to_camel

from components.elasticache.global_replication_group import check_global_node_type
from components.vpc.region_cidrs import region_cidrs
from stacks.catalog.phases import Feature, features
from stacks.catalog.regions import NEIGHBOURS
from stacks.config.errors import ConfigError, setting_error

if TYPE_CHECKING:
    from stacks.config.model import Settings

_DOCKER_BRIDGE = "172.17.0.0/16"

_ONE_REGION: Mapping[str, str] = {
    "existing_network": "a region needs its own network",
    "existing_load_balancer": "a region needs its own load balancer",
    "existing_cluster": "a region needs its own ECS cluster",
    "services": "further services run in one region",
    "client_certificates": "a trust store is in one region",
    "api_path": "the site's CDN reaches the API in one region only",
    "runs_pods": "pods run in one region",
    "uses_hosts": "the API and the site run on AWS",
    "volume_names": "a file system of EFS is in one region",
    "connected_groups": "a security group is in one region: give the destination's CIDR block",
}
"""Settings that a stack of several regions cannot have: field or property, reason."""

_KEYS: Mapping[str, str] = {
    "runs_pods": "orchestrator",
    "uses_hosts": "backendHost",
    "volume_names": "backend.volumes",
    "connected_groups": "backend.connections",
}
"""The setting of a property of _ONE_REGION."""


def cidrs_of_regions(settings: Settings) -> Mapping[str, str]:
    """Return the VPC block of each region of tierup:regions. Raises ValueError when the private range has too few."""
    return region_cidrs(settings.vpc_cidr, settings.regions, (settings.atlas_cidr, _DOCKER_BRIDGE))


def database_regions(settings: Settings) -> Sequence[str]:
    """Return the two further regions of the database, in the order of election; () when none are known."""
    return settings.database_regions or NEIGHBOURS.get(settings.region, ())


def region_errors(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each setting that several regions cannot have."""
    if settings.active_region not in (None, settings.region, *settings.regions):
        yield setting_error(
            "activeRegion",
            "the API does not run in this region",
            f"Allowed: {', '.join((settings.region, *settings.regions))}",
            "pulumi config rm tierup:activeRegion",
            got=settings.active_region,
        )
    if not settings.regions or Feature.DATABASE_REGIONS not in features(settings.phase):
        return
    yield from _places(settings)
    yield from _combinations(settings)
    yield from _data(settings)


def _places(settings: Settings) -> Iterator[ConfigError]:
    known = database_regions(settings)
    for region in dict.fromkeys(settings.regions):
        if region not in known or settings.regions.count(region) > 1:
            yield setting_error(
                "regions",
                "each region must have nodes of the database, and occur once",
                f"Allowed: {' and '.join(known)}, which tierup:databaseRegions changes for a new stack",
                "pulumi config set --path 'tierup:regions[0]' <region>",
                got=region,
            )
    if len(set(settings.regions)) < len(settings.regions):
        return
    try:
        cidrs_of_regions(settings)
    except ValueError as problem:
        yield setting_error(
            "vpcCidr",
            str(problem).rstrip("."),
            "Set a block with room after it for the VPC of each region",
            "pulumi config set tierup:vpcCidr 10.20.0.0/16",
            got=settings.vpc_cidr,
        )


def _combinations(settings: Settings) -> Iterator[ConfigError]:
    for field, reason in _ONE_REGION.items():
        if getattr(settings, field):
            key = _KEYS.get(field) or to_camel(field)
            yield setting_error(
                key,
                f"the setting cannot be used with tierup:regions: {reason}",
                "Remove one of the two settings",
                f"pulumi config rm tierup:{key}, or pulumi config rm tierup:regions",
            )
    if settings.ipv6:
        yield setting_error(
            "ipv6",
            "the setting cannot be used with tierup:regions: the further regions have IPv4 networks",
            "Remove one of the two settings",
            "pulumi config rm tierup:regions",
        )


def _data(settings: Settings) -> Iterator[ConfigError]:
    try:
        check_global_node_type("cacheNodeType", settings.sizes.cache_node_type)
    except ValueError as problem:
        yield setting_error(
            "sizeOverrides.cacheNodeType",
            str(problem).rstrip("."),
            "Set a node type that a cache in several regions supports",
            "pulumi config set --path tierup:sizeOverrides.cacheNodeType cache.m7g.large",
        )
    if settings.cache_auth.value != "token":
        yield setting_error(
            "cacheAuth",
            "the setting cannot be used with tierup:regions: user groups are in one region",
            "Allowed: token",
            "pulumi config rm tierup:cacheAuth",
            got=settings.cache_auth,
        )
    if settings.shards is None:
        yield setting_error(
            "sizeOverrides.databaseShards",
            "Atlas gives each region its own private endpoint only if the database is sharded",
            "Allowed: 1 or more",
            "pulumi config set --path tierup:sizeOverrides.databaseShards 1",
            got="0",
        )
    if settings.backup_copy_region is not None and settings.backup_copy_region == settings.active_region:
        yield setting_error(
            "backupCopyRegion",
            "the snapshots are in this region while it is tierup:activeRegion",
            "Allowed: another AWS region",
            "pulumi config set tierup:backupCopyRegion <region>",
            got=settings.backup_copy_region,
        )
