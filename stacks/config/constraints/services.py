"""Constraints: services, their numbers of tasks, and scheduled tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from components.alb.listener_rule import MAX_MATCH_VALUES
from components.atlas.instance_limits import check_connections
from stacks.catalog.phases import Feature, features, introduced_in
from stacks.config.errors import ConfigError, setting_error

if TYPE_CHECKING:
    from stacks.config.containers import ServiceConfig
    from stacks.config.model import Settings


_RESERVED_SERVICE_NAMES: Final = frozenset({"backend", "worker"})
"""The names of the stack's own service and worker, reserved whether or not the stack has a worker."""


def service_errors(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each setting of services, their tasks or scheduled tasks that cannot be deployed."""
    yield from _task_counts(settings)
    yield from _stickiness(settings)
    yield from _service_names(settings)
    yield from _service_routes(settings)
    yield from _service_callers(settings)
    yield from _scheduled_tasks(settings)


def _stickiness(settings: Settings) -> Iterator[ConfigError]:
    if settings.sticky_seconds is not None and Feature.BLUE_GREEN in features(settings.phase):
        yield setting_error(
            "stickySeconds",
            f"phase {settings.phase} has two target groups for blue/green deployments, and Elastic Load Balancing "
            "refuses target stickiness there",
            f"Allowed before phase {introduced_in(Feature.BLUE_GREEN)}",
            "pulumi config rm tierup:stickySeconds",
            got=settings.sticky_seconds,
        )


def _task_counts(settings: Settings) -> Iterator[ConfigError]:
    sizes = settings.sizes
    scales = Feature.AUTOSCALING in features(settings.phase)
    for minimum, maximum, keys in (
        (sizes.tasks, sizes.max_tasks, ("tasks", "maxTasks")),
        (sizes.workers, sizes.max_workers, ("workers", "maxWorkers")),
    ):
        if scales and minimum > maximum:
            yield setting_error(
                f"sizeOverrides.{keys[1]}",
                f"the maximum is below {keys[0]}",
                f"Allowed: {minimum} ({keys[0]}) or more",
                f"pulumi config set --path tierup:sizeOverrides.{keys[1]} {minimum}",
                got=maximum,
            )
    try:
        check_connections(
            sizes.database_instance_size, pool=sizes.database_max_pool_size, max_tasks=max_clients(settings)
        )
    except ValueError as problem:
        yield setting_error(
            "sizeOverrides.databaseMaxPoolSize",
            str(problem).rstrip("."),
            "Set a smaller pool, or a larger database",
            "pulumi config set --path tierup:sizeOverrides.databaseMaxPoolSize <connections of a task>",
            got=sizes.database_max_pool_size,
        )


def max_clients(settings: Settings) -> int:
    """Return the highest number of tasks of one release that may connect to the database at the same time."""
    sizes, available = settings.sizes, features(settings.phase)
    service = sizes.max_tasks if Feature.AUTOSCALING in available else sizes.tasks
    scheduled = max((each.max_tasks for each in settings.capacity_schedules.values()), default=0)
    worker = sizes.max_workers if Feature.WORKER in available and settings.worker.enabled else 0
    others = sum(each.max_tasks * len(each.versions) for each in settings.services.values())
    return max(service, scheduled) + worker + others + len(settings.scheduled_tasks)


def _service_names(settings: Settings) -> Iterator[ConfigError]:
    taken = set(_RESERVED_SERVICE_NAMES)
    for name, service in settings.services.items():
        names = set(service.names(name).values())
        for duplicate in sorted(names & taken):
            owner = (
                "the stack's own service or worker"
                if duplicate in _RESERVED_SERVICE_NAMES
                else "another entry of tierup:services with its version"
            )
            yield setting_error(
                f"services.{name}",
                f"the service name {duplicate} is taken by {owner}, and both would have the same resources",
                "Choose another name",
                f"pulumi config rm --path tierup:services.{name}",
            )
        taken |= names


def _service_routes(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each route with more values than a listener rule may have: hosts, paths and a header."""
    hosts = len(settings.api_hosts)
    for name, service in settings.services.items():
        maximum = MAX_MATCH_VALUES - hosts - (1 if service.select else 0)
        if len(service.paths) > maximum:
            yield setting_error(
                f"services.{name}.paths",
                "a listener rule cannot have so many values beside the host names",
                f"Allowed: {maximum} paths, or a pattern with * for several",
                f"pulumi config set --path 'tierup:services.{name}.paths[0]' '/{name}/*'",
                got=len(service.paths),
            )


def _service_callers(settings: Settings) -> Iterator[ConfigError]:
    """Yield an error for each caller that does not exist, and for services that call each other in a circle."""
    known = {*_RESERVED_SERVICE_NAMES, *settings.services}
    for name, service in settings.services.items():
        unknown = sorted(set(service.callers or ()).difference(known - {name}))
        if unknown:
            yield setting_error(
                f"services.{name}.callers",
                "not another service",
                f"Allowed: {', '.join(sorted(known - {name}))}",
                f"pulumi config rm --path tierup:services.{name}.callers",
                got=", ".join(unknown),
            )
            return
    circle = call_order(settings.services)[1]
    if circle:
        yield setting_error(
            f"services.{circle[0]}.callers",
            "the services call each other in a circle, and a service is created after those that it calls",
            "Remove one of the calls, or send it through a queue",
            f"pulumi config rm --path tierup:services.{circle[0]}.callers",
            got=", ".join(circle),
        )


def call_order(services: Mapping[str, ServiceConfig]) -> tuple[list[str], list[str]]:
    """Return the services, each after those that it calls, and the services in a circle."""
    calls = {name: {each for each in services if name in (services[each].callers or ())} for name in services}
    order: list[str] = []
    while rest := [name for name in services if name not in order]:
        ready = [name for name in rest if calls[name] <= set(order)]
        if not ready:
            return order, rest
        order += ready
    return order, []


def _scheduled_tasks(settings: Settings) -> Iterator[ConfigError]:
    taken = {*_RESERVED_SERVICE_NAMES, *_names_of_services(settings)}
    for name in sorted(taken.intersection(settings.scheduled_tasks)):
        yield setting_error(
            f"scheduledTasks.{name}",
            "a service has the same name, and both would have the same resources",
            "Choose another name",
            f"pulumi config rm --path tierup:scheduledTasks.{name}",
        )


def _names_of_services(settings: Settings) -> Iterator[str]:
    for name, service in settings.services.items():
        yield from (name, *service.names(name).values())
