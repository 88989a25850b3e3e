"""The further regions of a stack: network, data, compute and monitoring, ready to take over from the serving region.

Each region has the components of the first one, with the region's short name at the end of their logical names. Data
comes first: the nodes of the database are in all regions, the cache is a secondary of a Global Datastore, the signing
keys and the images are replicated. Traffic follows the weights of the DNS records (components/dns/regional_record.py).
Scheduled tasks, the release task and the maintenance run in the first region only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pulumi
from pulumi import Input, Output, ResourceOptions

from components.ecr.replication import EcrReplication, EcrReplicationArgs
from components.ecs.blue_green import BlueGreen
from components.ecs.cluster import EcsCluster
from components.ecs.existing_cluster import ExistingCluster
from components.ecs.service import EcsService
from components.ecs.worker_service import WorkerService
from components.elasticache.replication_group import ReplicationGroup
from stacks.catalog.phases import Feature
from stacks.catalog.regions import region_code
from stacks.config.regions import cidrs_of_regions
from stacks.context import StackContext
from stacks.lookups import availability_zones
from stacks.resources.alert_routes import create_topic
from stacks.resources.backend import create_backend, create_backend_autoscaling, create_blue_green
from stacks.resources.cache import create_cache, create_global_cache
from stacks.resources.compute import Compute, create_cluster, create_worker, create_worker_autoscaling
from stacks.resources.credentials import Credentials
from stacks.resources.database import Database, connect_region
from stacks.resources.foundation import Foundation, create_foundation
from stacks.resources.ingress import Ingress, create_regional_ingress
from stacks.resources.tasks import application_task, create_app_secrets, task_args
from stacks.transforms.region import in_region


@dataclass(frozen=True, kw_only=True, slots=True)
class RegionalFoundation:
    """The foundation of a further region."""

    context: StackContext
    foundation: Foundation


@dataclass(frozen=True, kw_only=True, slots=True)
class Region:
    """The parts of a further region."""

    context: StackContext
    foundation: Foundation
    ingress: Ingress
    cluster: EcsCluster | ExistingCluster
    service: EcsService
    worker: WorkerService | None
    blue_green: BlueGreen | None
    cache: ReplicationGroup


@dataclass(frozen=True, kw_only=True, slots=True)
class Regions:
    """The further regions by name, and the Global Datastore of their caches."""

    members: Mapping[str, Region]
    global_cache_id: Output[str]

    @property
    def load_balancers(self) -> Mapping[str, Output[str]]:
        """The ARN suffix of the load balancer of each region."""
        return {name: region.ingress.load_balancer.arn_suffix for name, region in self.members.items()}

    @property
    def task_roles(self) -> Mapping[str, Output[str]]:
        """The names of the task roles that connect to the database, by the name of the service."""
        roles: dict[str, Output[str]] = {}
        for region in self.members.values():
            roles[region.context.named("backend")] = region.service.task_role_name
            if region.worker is not None:
                roles[region.context.named("worker")] = region.worker.task_role_name
        return roles


def create_regional_foundations(context: StackContext) -> Mapping[str, RegionalFoundation]:
    """Create network, log bucket, key and alarm topic of each further region."""
    found: dict[str, RegionalFoundation] = {}
    for name, cidr in cidrs_of_regions(context.settings).items() if context.settings.regions else ():
        regional = _context(context, name, cidr)
        topic = create_topic(regional.named("alarm"), regional, region=None)
        found[name] = RegionalFoundation(context=regional, foundation=create_foundation(regional, topic))
    return found


def create_regions(
    context: StackContext,
    foundations: Mapping[str, RegionalFoundation],
    credentials: Credentials,
    database: Database,
    cache: ReplicationGroup | None,
    ingress: Ingress,
    compute: Compute,
) -> Regions | None:
    """Create the data, ingress and compute of each further region. Return None when there is none."""
    if not foundations or cache is None:
        return None
    if context.settings.replicate_images:
        _replicate_images(context, list(foundations), compute)
    global_cache = create_global_cache(context, cache)
    members: dict[str, Region] = {}
    previous: Sequence[pulumi.Resource] = ()
    for name, each in foundations.items():
        # A Global Datastore accepts the next secondary once it is available again.
        regional = replace(each.context, opts=_after(each.context.opts, previous))
        secondary = create_cache(regional, each.foundation, credentials, global_cache.global_group_id)
        members[name] = _region(each, credentials, database, secondary, ingress, compute)
        previous = [secondary]
    return Regions(members=members, global_cache_id=global_cache.global_group_id)


def region_outputs(
    context: StackContext, regions: Regions, ingress: Ingress, compute: Compute, database: Database
) -> Mapping[str, Input[str | list[str]]]:
    """Return the stack output `regions`, from which `tierup failover` finds what it changes. It contains no secret."""
    settings = context.settings
    if compute.service is None:
        raise LookupError(
            "tierup:regions: the first region has no ECS service (got None). Set tierup:orchestrator to ecs."
        )
    home = _member(compute.cluster, compute.service, compute.worker, ingress)
    members = {
        name: _member(each.cluster, each.service, each.worker, each.ingress) for name, each in regions.members.items()
    }
    return {
        "regions": pulumi.Output.json_dumps(
            {
                "serving": settings.serving_region,
                "origin_host": settings.origin_host,
                "hosted_zone_id": ingress.origin_zone_id,
                "global_replication_group_id": regions.global_cache_id,
                "database_project_id": database.project_id,
                "database_cluster_name": database.cluster_name,
                "workers": settings.sizes.workers,
                "members": {settings.region: home, **members},
            }
        )
    }


def _member(
    cluster: EcsCluster | ExistingCluster, service: EcsService, worker: WorkerService | None, ingress: Ingress
) -> dict[str, Input[str] | None]:
    return {
        "cluster": cluster.cluster_name,
        "service": service.service_name,
        "worker": worker.service_name if worker else None,
        "load_balancer_dns": ingress.load_balancer.dns_name,
        "load_balancer_zone_id": ingress.load_balancer.zone_id,
    }


def _context(context: StackContext, region: str, cidr: str) -> StackContext:
    """Return the context of a further region: its name, its network, and the images of its own registry."""
    settings = context.settings
    image = settings.image
    if image is not None and ".dkr.ecr." in image:
        image = image.replace(f".dkr.ecr.{settings.region}.", f".dkr.ecr.{region}.")
    own = settings.model_copy(
        update={
            "region": region,
            "active_region": settings.serving_region,
            "vpc_cidr": cidr,
            "availability_zones": None,
            "image": image,
            "alert_routes": None,
            "regions": (),
            "cache_snapshot_name": None,
        }
    )
    zones = availability_zones(own, context.tags, region)
    return replace(
        context,
        settings=own,
        lookups=replace(context.lookups, availability_zones=zones),
        opts=ResourceOptions.merge(context.opts, ResourceOptions(transformations=[in_region(region)])),
        suffix=f"-{region_code(region)}",
    )


def _after(opts: ResourceOptions, resources: Sequence[pulumi.Resource]) -> ResourceOptions:
    return ResourceOptions.merge(opts, ResourceOptions(depends_on=list(resources)))


def _replicate_images(context: StackContext, regions: Sequence[str], compute: Compute) -> None:
    EcrReplication(
        "images-regions",
        EcrReplicationArgs(
            account_id=context.lookups.account_id,
            regions=regions,
            repository_prefixes=[compute.images.arn.apply(lambda arn: arn.partition("/")[2])],
        ),
        context.opts,
    )


def _region(
    each: RegionalFoundation,
    credentials: Credentials,
    database: Database,
    cache: ReplicationGroup,
    home: Ingress,
    compute: Compute,
) -> Region:
    context, foundation = each.context, each.foundation
    ingress = create_regional_ingress(context, foundation, credentials, home)
    connected = connect_region(context, foundation, database, credentials)
    cluster = create_cluster(context, foundation)
    blue_green = create_blue_green(context, foundation, ingress) if context.has(Feature.BLUE_GREEN) else None
    task = task_args(context, foundation, _replicated(context, credentials), connected, cache, compute.images, cluster)
    task = replace(task, repository_arn=compute.images.arn.apply(lambda arn: _arn_in(arn, context.settings.region)))
    opts = _after(context.opts, connected.ready)
    application = application_task(context, task, create_app_secrets(context, foundation))
    service = create_backend(context, foundation, ingress, application, blue_green, None, opts)
    create_backend_autoscaling(context, ingress, cluster, service, blue_green)
    worker = None
    if context.has(Feature.WORKER) and context.settings.worker.enabled:
        worker = create_worker(context, application, None, opts)
        create_worker_autoscaling(context, cluster, worker)
    return Region(
        context=context,
        foundation=foundation,
        ingress=ingress,
        cluster=cluster,
        service=service,
        worker=worker,
        blue_green=blue_green,
        cache=cache,
    )


def _replicated(context: StackContext, credentials: Credentials) -> Credentials:
    """Return the credentials with the references to the replica of the signing keys in the region."""
    keys = credentials.signing_keys
    if keys is None:
        return credentials
    return replace(credentials, signing=keys.references_in(context.settings.region))


def _arn_in(arn: str, region: str) -> str:
    """Return the ARN of the resource of the same name in another region."""
    parts = arn.split(":")
    return ":".join([*parts[:3], region, *parts[4:]])
