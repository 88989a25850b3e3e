"""One MongoDB Atlas cluster, its backups and the one user the application is.

Makes: the cluster (a replica set or shards, in one region or several), its backup schedule and a database user. Not
here: project, network (atlas_peering.py, atlas_private_endpoint.py), alerts, further users, indexes (no Atlas resource
makes them; `tierup indexes` does).
Checklist: dedicated cluster, automated backups (daily), database replica set, HTTPS (TLS) enforced, secrets.

All but name and project is changed in place, but not all of it in one `up`:

* Another size or disk while Atlas scales either of them by itself is taken and *ignored*, as long as the update leaves
  autoscaling on. One `up` with `hold_scaling` lets it through, the next one lets go. An update that turns autoscaling
  on or off anyway needs no such step.
* Replica set -> shards: first the size (M30 or larger), then `shards=1`, then more, an `up` each. There is no way back.
* An autoscaling range that leaves out the size that runs now: hold, resize, then give the new range.
Source: https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/advancedcluster/ ("Manually Updating Specs",
"Multi-shard clusters and topology changes"; read 2026-11-24).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi_mongodbatlas as mongodbatlas
from pulumi import ComponentResource, Input, Output, ResourceOptions

from components.atlas.backup_retention import BackupRetention
from components.atlas.connection_string import SCHEME, connection_uri
from components.atlas.region_names import atlas_region
from components.atlas.topology import HELD, OtherRegion, Scaling, Topology

_CLUSTER_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?")
_PREFIX_LENGTH = 23
"""Atlas makes host names of a cluster name's first 23 characters."""
_DATABASE_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}")
_SYSTEM_DATABASES = frozenset({"admin", "local", "config"})
_GROWING_DISK = Scaling()
_USUAL_BACKUPS = BackupRetention()


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasClusterArgs:
    """What one cluster needs. Sizes and versions come from the stack."""

    project_id: Input[str]
    """`AtlasPeering.project_id` where there is a peering: the cluster must not be there before the network."""
    cluster_name: str
    """Fixed for ever: another name is another cluster."""
    region: str
    """AWS form, eu-west-1."""
    instance_size: str
    """M10 or larger; smaller ones share hardware and have no peering and no backups of this kind."""
    mongodb_version: str
    """Major and minor, such as 8.0."""
    database: str
    """The one database the application's user may read and write."""
    username: str
    """Of the application's database user."""
    password: Input[str]
    """Of the application's database user; secret."""
    max_pool_size: int
    """Connections that one task may open to each node."""
    termination_protection: bool
    """Whether Atlas refuses to delete the cluster, whoever asks."""
    tags: Mapping[str, str]
    """Of everything made here that can have some; a Name is added."""
    disk_gb: float | None = None
    """None is the size that comes with the instance size."""
    nodes: int = 3
    """Electable ones in `region`, of each shard."""
    other_regions: Sequence[OtherRegion] = ()
    """In the order of election. Two regions survive the loss of the smaller one, three the loss of any."""
    shards: int | None = None
    """None is a replica set."""
    scaling: Scaling = _GROWING_DISK
    """What Atlas changes by itself; by default it grows full disks."""
    hold_scaling: bool = False
    """For the one `up` that changes a size which Atlas scales by itself."""
    analytics_nodes: int | None = None
    """Of each shard, for reports, out of the application's way. None: never had any; 0 takes them away."""
    analytics_size: str | None = None
    """None is the instance size of the others."""
    read_limit_milliseconds: int | None = None
    """After which a read is broken off that has no limit of its own. Needs MongoDB 8.0. None is no limit."""
    own_key: bool = False
    """Encrypted with the project's own KMS key too: then `project_id` is `AtlasEncryption.project_id`. Left out
    later, the key stays in use."""
    redact_logs: bool = False
    """Keep the data of queries out of the server's logs; a change restarts the nodes one by one."""
    backups: BackupRetention = _USUAL_BACKUPS
    """How long snapshots are kept."""
    backup_copy_regions: Sequence[str] = ()
    """AWS form. Where copies of each snapshot, and of the oplog if any second can be restored, are kept too."""
    retain_backups: bool = True
    """Keep the snapshots when the cluster is deleted."""

    def __post_init__(self) -> None:
        self.topology()
        self._check_names()
        if not re.fullmatch(r"\d+\.\d+", self.mongodb_version):
            raise ValueError(f"mongodb_version is {self.mongodb_version!r}; give major.minor such as 8.0")
        if self.max_pool_size < 1:
            raise ValueError(f"max_pool_size is {self.max_pool_size}; give 1 or more, because 0 is no limit")
        if self.read_limit_milliseconds is not None and self.read_limit_milliseconds < 1:
            raise ValueError(f"read_limit_milliseconds is {self.read_limit_milliseconds}; give 1 or more, or None")
        for region in self.backup_copy_regions:
            atlas_region(region)
            if region == self.region:
                raise ValueError(f"backup_copy_regions holds {region}, where the snapshots are; give another region")

    def topology(self) -> Topology:
        """Where its nodes stand. Raises ValueError for what Atlas does not offer."""
        return Topology(
            region=self.region,
            instance_size=self.instance_size,
            nodes=self.nodes,
            disk_gb=self.disk_gb,
            others=self.other_regions,
            shards=self.shards,
            scaling=HELD if self.hold_scaling else self.scaling,
            analytics_nodes=self.analytics_nodes,
            analytics_size=self.analytics_size,
        )

    def _check_names(self) -> None:
        if not _CLUSTER_NAME.fullmatch(self.cluster_name) or self.cluster_name[:_PREFIX_LENGTH].endswith("-"):
            raise ValueError(
                f"cluster_name is {self.cluster_name!r}; Atlas allows 1 to 64 letters, digits and hyphens, no hyphen "
                f"first, last or as character {_PREFIX_LENGTH}: host names are cut there"
            )
        if not _DATABASE_NAME.fullmatch(self.database) or self.database in _SYSTEM_DATABASES:
            raise ValueError(
                f"database is {self.database!r}; give 1 to 63 letters, digits, _ and -, none of "
                f"{sorted(_SYSTEM_DATABASES)}: those are MongoDB's own"
            )
        if not self.username:
            raise ValueError("username is empty; give the name of the application's database user")


class AtlasCluster(ComponentResource):
    """A cluster whose nodes stand in the zones of a region, or of several."""

    cluster_name: Output[str]
    """Known once the cluster stands, for alerts."""
    host: Output[str]
    """Host name of the SRV record."""
    connection_uri: Output[str]
    """mongodb+srv:// URI of the application's user, secret; known once the user can log in."""

    def __init__(self, name: str, args: AtlasClusterArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasCluster", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        cluster = self._cluster()
        self._backups(cluster)
        user = self._user(cluster)

        self.cluster_name = cluster.name
        self.host = cluster.connection_strings.apply(_srv_host)
        self.connection_uri = Output.secret(
            Output.all(host=self.host, user=user.username, password=args.password).apply(
                lambda parts: connection_uri(
                    host=parts["host"],
                    username=parts["user"],
                    password=parts["password"],
                    database=args.database,
                    max_pool_size=args.max_pool_size,
                )
            )
        )
        self.register_outputs(
            {"cluster_name": self.cluster_name, "host": self.host, "connection_uri": self.connection_uri}
        )

    def _cluster(self) -> mongodbatlas.AdvancedCluster:
        args, topology = self._args, self._args.topology()
        return mongodbatlas.AdvancedCluster(
            f"{self._logical_name}-cluster",
            name=args.cluster_name,
            project_id=args.project_id,
            cluster_type="REPLICASET" if args.shards is None else "SHARDED",
            mongo_db_major_version=args.mongodb_version,
            version_release_system="LTS",
            replication_specs=topology.replication_specs(),
            # Or a disk that Atlas has grown would look like drift, and the next `up` would shrink it.
            use_effective_fields=topology.uses_effective_fields,
            encryption_at_rest_provider="AWS" if args.own_key else None,
            redact_client_log_data=True if args.redact_logs else None,
            backup_enabled=True,
            pit_enabled=args.backups.point_in_time_days is not None,
            retain_backups_enabled=args.retain_backups,
            termination_protection_enabled=args.termination_protection,
            advanced_configuration=self._advanced(),
            tags={**args.tags, "Name": self._logical_name},
            opts=self._child,
        )

    def _advanced(self) -> mongodbatlas.AdvancedClusterAdvancedConfigurationArgsDict:
        return {
            "minimum_enabled_tls_protocol": "TLS1_2",
            # $where and $function run a string of the request as code.
            "javascript_enabled": False,
            "default_write_concern": "majority",
            "default_max_time_ms": self._args.read_limit_milliseconds,
        }

    def _backups(self, cluster: mongodbatlas.AdvancedCluster) -> None:
        mongodbatlas.CloudBackupSchedule(
            f"{self._logical_name}-backups",
            project_id=self._args.project_id,
            cluster_name=cluster.name,
            reference_hour_of_day=2,
            reference_minute_of_hour=0,
            **self._args.backups.policy(),
            copy_settings=[self._copy(cluster, region) for region in self._args.backup_copy_regions] or None,
            opts=self._child,
        )

    def _copy(
        self, cluster: mongodbatlas.AdvancedCluster, region: str
    ) -> mongodbatlas.CloudBackupScheduleCopySettingArgsDict:
        kept = self._args.backups
        frequencies = ["DAILY", "WEEKLY", "MONTHLY", *(["YEARLY"] if kept.yearly_years else [])]
        return {
            "cloud_provider": "AWS",
            "region_name": atlas_region(region),
            "frequencies": [*(["HOURLY"] if kept.point_in_time_days else []), *frequencies],
            "should_copy_oplogs": kept.point_in_time_days is not None,
            # The one zone that all shards of the cluster are in.
            "zone_id": cluster.replication_specs.apply(lambda specs: specs[0].zone_id or ""),
        }

    def _user(self, cluster: mongodbatlas.AdvancedCluster) -> mongodbatlas.DatabaseUser:
        args = self._args
        return mongodbatlas.DatabaseUser(
            f"{self._logical_name}-user",
            project_id=args.project_id,
            auth_database_name="admin",
            username=args.username,
            password=Output.secret(args.password),
            roles=[{"role_name": "readWrite", "database_name": args.database}],
            scopes=[{"name": cluster.name, "type": "CLUSTER"}],
            description="The application",
            opts=self._child,
        )


def _srv_host(strings: mongodbatlas.outputs.AdvancedClusterConnectionStrings | None) -> str:
    if strings is None or not strings.standard_srv:
        raise LookupError("Atlas gave no SRV connection string; run `pulumi refresh` once the cluster is IDLE")
    return strings.standard_srv.removeprefix(SCHEME)
