"""One MongoDB Atlas cluster, its backup schedule and the application's database user.

The cluster is a replica set or sharded, in one region or several. Other files create the project, the network
(peering.py, private_endpoint.py), alerts and further users. `tierup indexes` creates indexes, because Atlas has no
resource for them.
Checklist: dedicated cluster, automated backups (daily), database replica set, HTTPS (TLS) enforced, secrets.

Every argument but name and project is updated in place, but some changes need several `up`s:

* While autoscaling is on, Atlas accepts and *ignores* another instance size or disk size, as long as the update leaves
  autoscaling on. One `up` with `pause_autoscaling` applies the size, the next one resumes autoscaling. An update that
  turns autoscaling on or off needs no such step.
* Replica set -> sharded: an `up` each for the size (M30 or larger), `shards=1`, then more. It is irreversible.
* An autoscaling range that excludes the current size: pause, resize, then set the new range.
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
from components.atlas.topology import NO_AUTOSCALING, Autoscaling, OtherRegion, Topology

_CLUSTER_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?")
_PREFIX_LENGTH = 23
"""Atlas builds host names from the first 23 characters of a cluster's name."""
_DATABASE_NAME = re.compile(r"[A-Za-z0-9_-]{1,63}")
_SYSTEM_DATABASES = frozenset({"admin", "local", "config"})
_DEFAULT_AUTOSCALING = Autoscaling()
_DEFAULT_BACKUPS = BackupRetention()


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherUser:
    """A second user of the application, which Atlas also accepts during a rotation of the password."""

    resource: str
    """Suffix of the logical name of the user's resource."""
    username: str
    """Name of the user."""
    password: Input[str]
    """Password of the user; secret."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AtlasClusterArgs:
    """Arguments of AtlasCluster. The stack chooses sizes and versions."""

    project_id: Input[str]
    """Id of the Atlas project: `AtlasPeering.project_id` with peering, because the network must exist first."""
    cluster_name: str
    """Name of the cluster, 1 to 64 letters, digits and hyphens. Another name creates another cluster."""
    region: str
    """AWS region of the primary, such as eu-west-1."""
    instance_size: str
    """M10 or larger. Smaller sizes share hardware and have neither peering nor point-in-time backups."""
    mongodb_version: str
    """Major and minor version, such as 8.0."""
    database: str
    """The one database that the application's user may read and write."""
    username: str
    """Name of the application's database user."""
    password: Input[str] | None
    """Password of the application's database user; secret. None creates no user: tasks log in with their IAM role."""
    max_pool_size: int
    """Connections that one task may open to each node; 1 or more."""
    termination_protection: bool
    """Whether Atlas rejects every request to delete the cluster."""
    tags: Mapping[str, str]
    """Tags of every taggable resource of the component; a Name is added."""
    user_resource: str = "user"
    """Suffix of the logical name of the user's resource. A user of another name needs another one, so that the new user
    exists before the old one is deleted."""
    other_user: OtherUser | None = None
    """The second user during a rotation of the password."""
    disk_gb: float | None = None
    """Disk size of each node in GB; None is the default of the instance size."""
    nodes: int = 3
    """Electable nodes of each shard in `region`."""
    other_regions: Sequence[OtherRegion] = ()
    """Further regions in the order of election. Two regions survive the loss of the smaller one, three of any one."""
    shards: int | None = None
    """Number of shards; None is a replica set."""
    autoscaling: Autoscaling = _DEFAULT_AUTOSCALING
    """What Atlas scales automatically; by default, full disks grow."""
    pause_autoscaling: bool = False
    """Whether autoscaling is off for this `up`, so that another size takes effect."""
    effective_fields: bool = True
    """Whether the provider compares the configured specs of a replica set, and not what Atlas has scaled. False for the
    `up` before a replica set gets shards: the provider does not allow it to change together with anything else."""
    analytics_nodes: int | None = None
    """Analytics nodes of each shard, isolated from the application's load. 0 removes existing ones; None says that
    there never were any."""
    analytics_size: str | None = None
    """Instance size of the analytics nodes; None is `instance_size`."""
    default_max_time_ms: int | None = None
    """Milliseconds after which MongoDB ends a read that sets no limit of its own; None is no limit. Requires MongoDB
    8.0."""
    customer_managed_key: bool = False
    """Whether the cluster is also encrypted with the project's KMS key. `project_id` is then
    `AtlasEncryption.project_id`. Setting it back to False leaves the key in use."""
    redact_logs: bool = False
    """Whether the server's logs omit the data of queries. A change restarts the nodes one by one."""
    backups: BackupRetention = _DEFAULT_BACKUPS
    """Retention of snapshots."""
    backup_copy_regions: Sequence[str] = ()
    """AWS regions that receive a copy of each snapshot and, with point-in-time recovery, of the oplog."""
    retain_backups: bool = True
    """Whether Atlas keeps the snapshots when the cluster is deleted."""

    def __post_init__(self) -> None:
        self.topology()
        self._check_names()
        if not re.fullmatch(r"\d+\.\d+", self.mongodb_version):
            raise ValueError(
                f"mongodb_version: not a version (got {self.mongodb_version!r}). Give major.minor, such as 8.0."
            )
        if self.max_pool_size < 1:
            raise ValueError(
                f"max_pool_size: must be positive (got {self.max_pool_size}). Give 1 or more; 0 would mean no limit."
            )
        if self.default_max_time_ms is not None and self.default_max_time_ms < 1:
            raise ValueError(
                f"default_max_time_ms: must be positive (got {self.default_max_time_ms}). Give 1 or more, or None."
            )
        for region in self.backup_copy_regions:
            atlas_region(region)
            if region == self.region:
                raise ValueError(
                    f"backup_copy_regions: the snapshots are in this region (got {region}). Give another region."
                )

    def topology(self) -> Topology:
        """Return the nodes of the cluster. Raises ValueError for a topology that Atlas does not offer."""
        return Topology(
            region=self.region,
            instance_size=self.instance_size,
            nodes=self.nodes,
            disk_gb=self.disk_gb,
            other_regions=self.other_regions,
            shards=self.shards,
            effective_fields=self.effective_fields,
            autoscaling=NO_AUTOSCALING if self.pause_autoscaling else self.autoscaling,
            analytics_nodes=self.analytics_nodes,
            analytics_size=self.analytics_size,
        )

    def _check_names(self) -> None:
        if not _CLUSTER_NAME.fullmatch(self.cluster_name) or self.cluster_name[:_PREFIX_LENGTH].endswith("-"):
            raise ValueError(
                f"cluster_name: not accepted by Atlas (got {self.cluster_name!r}). Use 1 to 64 letters, digits and "
                f"hyphens, with no hyphen first, last or as character {_PREFIX_LENGTH}, where host names end."
            )
        if not _DATABASE_NAME.fullmatch(self.database) or self.database in _SYSTEM_DATABASES:
            raise ValueError(
                f"database: not a name for an application's database (got {self.database!r}). Use 1 to 63 letters, "
                f"digits, _ and -, and none of MongoDB's own: {', '.join(sorted(_SYSTEM_DATABASES))}."
            )
        other = self.other_user
        if other is not None and (other.username == self.username or other.resource == self.user_resource):
            raise ValueError(
                f"other_user: has the name or the resource of the application's user (got {other.username}, "
                f"{other.resource}). Give another name and another resource."
            )
        if not self.username:
            raise ValueError(
                f"username: must not be empty (got {self.username!r}). Give the application's database user a name."
            )


class AtlasCluster(ComponentResource):
    """A cluster with nodes in the zones of one region or several."""

    cluster_name: Output[str]
    """Name of the cluster, available once the cluster exists."""
    host: Output[str]
    """Host name of the SRV record."""
    connection_uri: Output[str] | None
    """mongodb+srv:// URI of the application's user; secret. Available once the user exists; None without a user."""

    def __init__(self, name: str, args: AtlasClusterArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:atlas:AtlasCluster", name, None, opts)
        self._logical_name = name
        self._args = args
        self._child = ResourceOptions(parent=self)
        cluster = self._cluster()
        self._backups(cluster)
        user = None if args.password is None else self._user(cluster, args.user_resource, args.username, args.password)
        if args.other_user is not None:
            self._user(cluster, args.other_user.resource, args.other_user.username, args.other_user.password)

        self.cluster_name = cluster.name
        self.host = cluster.connection_strings.apply(_srv_host)
        self.connection_uri = (
            None
            if user is None
            else Output.secret(
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
            # Without it, a disk that Atlas has grown would appear as drift, and the next `up` would shrink it.
            use_effective_fields=topology.uses_effective_fields,
            encryption_at_rest_provider="AWS" if args.customer_managed_key else None,
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
            # $where and $function would run a string of a request as code.
            "javascript_enabled": False,
            "default_write_concern": "majority",
            # Atlas refuses to turn disk autoscaling off while a minimum oplog retention is set (24 hours by default).
            # It applies this value only after the cluster's update, so it is set from the start.
            # https://github.com/mongodb/terraform-provider-mongodbatlas/pull/4322 (read 2026-11-28)
            "oplog_min_retention_hours": 0,
            "default_max_time_ms": self._args.default_max_time_ms,
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
            # The provider updates the old cluster's schedule when the name changes.
            opts=ResourceOptions(parent=self, replace_on_changes=["clusterName"]),
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
            # All shards of the cluster are in one zone.
            "zone_id": cluster.replication_specs.apply(lambda specs: specs[0].zone_id or ""),
        }

    def _user(
        self, cluster: mongodbatlas.AdvancedCluster, resource: str, username: str, password: Input[str]
    ) -> mongodbatlas.DatabaseUser:
        args = self._args
        return mongodbatlas.DatabaseUser(
            f"{self._logical_name}-{resource}",
            project_id=args.project_id,
            auth_database_name="admin",
            username=username,
            password=Output.secret(password),
            roles=[{"role_name": "readWrite", "database_name": args.database}],
            scopes=[{"name": cluster.name, "type": "CLUSTER"}],
            description="The application",
            opts=self._child,
        )


def _srv_host(strings: mongodbatlas.outputs.AdvancedClusterConnectionStrings | None) -> str:
    if strings is None or not strings.standard_srv:
        raise LookupError(
            f"connection_strings: Atlas returned no SRV string (got {strings!r}). Run `pulumi refresh` once the "
            "cluster is IDLE."
        )
    return strings.standard_srv.removeprefix(SCHEME)
