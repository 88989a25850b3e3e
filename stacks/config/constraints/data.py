"""Constraints: the database, the cache, their backups and their keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.atlas.instance_limits import LIMITS, SMALLEST_SHARDED, size_number
from components.elasticache.topology import ClusterMode
from stacks.catalog.phases import Feature, features, introduced_in
from stacks.catalog.regions import NEIGHBOURS
from stacks.config.errors import ConfigError, setting_error
from stacks.config.groups import ROTATION_STEPS

if TYPE_CHECKING:
    from stacks.config.model import Settings


def data_errors(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each setting of the database, the cache, their backups or keys that cannot be deployed."""
    yield from _database(settings)
    yield from _cache(settings)
    yield from _rotation(settings)
    yield from _backup_copies(settings)
    yield from _backup_compliance(settings)
    yield from _kms_key(settings)


def _database(settings: Settings) -> Iterator[ConfigError]:
    sizes, available = settings.sizes, features(settings.phase)
    size = sizes.database_instance_size
    if settings.shards is not None and size_number(size) < size_number(SMALLEST_SHARDED):
        yield setting_error(
            "tier",
            f"phase {settings.phase} shards the database, and Atlas does not shard an {size}",
            f"Allowed: a tier whose database is an {SMALLEST_SHARDED} or larger",
            "pulumi config set tierup:tier medium, or pulumi config set --path "
            f"tierup:sizeOverrides.databaseInstanceSize {SMALLEST_SHARDED}",
            got=settings.tier,
        )
    if sizes.database_disk_gb > LIMITS[size].max_disk_gb:
        yield setting_error(
            "sizeOverrides.databaseDiskGb",
            f"the disk is too large for an {size}",
            f"Allowed: up to {LIMITS[size].max_disk_gb}",
            f"pulumi config set --path tierup:sizeOverrides.databaseDiskGb {LIMITS[size].max_disk_gb}",
            got=sizes.database_disk_gb,
        )
    scales = Feature.DATABASE_AUTOSCALING in available and settings.shards is None
    if scales and size_number(size) >= size_number(sizes.database_max_instance_size):
        yield setting_error(
            "sizeOverrides.databaseMaxInstanceSize",
            f"Atlas cannot scale an {size} to it",
            f"Allowed: an instance size larger than {size}",
            "pulumi config set --path tierup:sizeOverrides.databaseMaxInstanceSize M80",
            got=sizes.database_max_instance_size,
        )
    if (
        Feature.DATABASE_REGIONS in available
        and settings.database_regions is None
        and settings.region not in NEIGHBOURS
    ):
        yield setting_error(
            "databaseRegions",
            f"the setting is missing, and tierup has no list of regions near {settings.region}",
            f"Set two regions near {settings.region}",
            "pulumi config set --path 'tierup:databaseRegions[0]' <region>, and [1]",
        )
    if settings.database_regions and settings.region in settings.database_regions:
        yield setting_error(
            "databaseRegions",
            "the list contains the region of the stack",
            "Allowed: two other regions",
            "pulumi config set --path 'tierup:databaseRegions[0]' <region>",
            got=settings.region,
        )


def _backup_copies(settings: Settings) -> Iterator[ConfigError]:
    if settings.backup_copy_region == settings.region:
        yield setting_error(
            "backupCopyRegion",
            "the snapshots are in this region",
            "Allowed: another AWS region",
            "pulumi config set tierup:backupCopyRegion REGION",
            got=settings.backup_copy_region,
        )


def _rotation(settings: Settings) -> Iterator[ConfigError]:
    # The value of CacheAuthMode.MIGRATING: the model imports this module.
    if settings.cache_auth.value == "migrating" and settings.rotation.cache % ROTATION_STEPS:
        yield setting_error(
            "rotation.cache",
            "a rotation of the cache's credentials has not ended, and tierup:cacheAuth is migrating",
            "End the rotation with `tierup rotate cache` before you change tierup:cacheAuth",
            "pulumi config set tierup:cacheAuth token",
            got=settings.rotation.cache,
        )


def _cache(settings: Settings) -> Iterator[ConfigError]:
    sizes, available = settings.sizes, features(settings.phase)
    if Feature.CACHE_FAILOVER in available and sizes.cache_nodes < 2:
        yield setting_error(
            "sizeOverrides.cacheNodes",
            f"failover in phase {settings.phase} needs a replica",
            "Allowed: 2 or more",
            "pulumi config set --path tierup:sizeOverrides.cacheNodes 2",
            got=sizes.cache_nodes,
        )
    if settings.cluster_mode is ClusterMode.ENABLED and Feature.CACHE_SHARDS not in available:
        yield setting_error(
            "cacheClusterMode",
            f"phase {settings.phase} has one shard",
            f"Allowed from phase {introduced_in(Feature.CACHE_SHARDS)} on; compatible prepares the cache for it",
            "pulumi config set tierup:cacheClusterMode compatible",
            got=settings.cluster_mode,
        )


def _kms_key(settings: Settings) -> Iterator[ConfigError]:
    if settings.has_kms_key:
        return
    for key, value in (("databaseKmsKey", settings.database_kms_key), ("kmsKeyUses", settings.kms_key_uses)):
        if value:
            yield setting_error(
                key,
                f"phase {settings.phase} has no customer managed KMS key",
                f"Allowed with tierup:kmsKey, or from phase {introduced_in(Feature.KMS_KEY)} on",
                "pulumi config set tierup:kmsKey true",
            )


def _backup_compliance(settings: Settings) -> Iterator[ConfigError]:
    if settings.database_backup_compliance is not None and not settings.protect:
        yield setting_error(
            "databaseBackupCompliance",
            "nobody can delete a project with a backup compliance policy, and tierup:protect is false",
            "Allowed when tierup:protect is true",
            "pulumi config set tierup:protect true, or pulumi config rm tierup:databaseBackupCompliance",
        )
