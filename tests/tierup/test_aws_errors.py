"""Every call of AWS by a command: a denied or throttled one is one sentence, and a throttled one is repeated.

The checks of `tierup preflight` (tests/tierup/preflight), `tierup bootstrap` and `tierup advise` (tests/tierup/cli)
report errors in their own way, and have tests of their own.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import boto3
import botocore.session
import pytest
from botocore import xform_name
from botocore.config import Config

from tests.tierup.preflight.cloud_servers import AwsServer
from tests.tierup.preflight.conftest import aws, aws_server, environment
from tests.tierup.release.test_ecs_compute import CLUSTER, REGION, SERVICE, described, stopped
from tierup.deployment.errors import CommandError, ExitCode
from tierup.failover.cache_role import CacheRole
from tierup.failover.stack_regions import RegionMember, StackRegions
from tierup.failover.traffic_role import TrafficRole
from tierup.failover.worker_role import WorkerRole
from tierup.preflight.aws_clients import AwsClients
from tierup.release.docker_build import ecr_login
from tierup.release.ecs_compute import EcsCompute
from tierup.release.image_reference import parse
from tierup.release.kubernetes_api import eks_api
from tierup.release.registries import digest_of
from tierup.release.sessions import execute, forward
from tierup.site.edge_cache import CloudFrontCache
from tierup.site.files import FileEntry
from tierup.site.object_store import S3Bucket

__all__ = ["aws", "aws_server", "environment"]

SOURCES: Final = Path(__file__).parents[2] / "tierup"
ELSEWHERE: Final = ("account_bootstrap", "advise", "preflight", "sandbox")
"""Packages whose errors have tests of their own, or that call no AWS."""
SERVICES: Final = (
    *("application-autoscaling", "cloudfront", "cloudwatch", "ecr", "ecs", "eks", "elasticache", "elbv2", "logs"),
    *("route53", "s3", "ssm"),
)
MEMBER = RegionMember(
    region=REGION, cluster="app", service="backend", worker="worker", load_balancer_dns="a", load_balancer_zone_id="Z1"
)
REGIONS = StackRegions(
    home=REGION,
    serving=REGION,
    origin_host="origin.example.com",
    hosted_zone_id="Z0123456789ABC",
    global_replication_group_id="gxeiz-app",
    database_project_id="project",
    database_cluster_name="app",
    workers=1,
    members={REGION: MEMBER},
)
ENTRY = FileEntry(md5="0" * 32, sha256="0" * 64, size=1, content_type="text/html", cache_control="no-cache")
IMAGE = parse(f"123456789012.dkr.ecr.{REGION}.amazonaws.com/images:v1")


def client(service: str) -> Any:
    path = {"s3": {"addressing_style": "path"}} if service == "s3" else None
    own = Config(s3=path["s3"]) if path else Config()  # pyright: ignore[reportArgumentType]
    standard = Config(retries={"mode": "standard", "total_max_attempts": 5})
    return boto3.client(service, region_name=REGION, config=standard.merge(own))  # pyright: ignore[reportArgumentType, reportCallIssue]


def ecs() -> EcsCompute:
    return EcsCompute(AwsClients({}, REGION), poll_seconds=0)


def bucket() -> S3Bucket:
    return S3Bucket(lambda: client("s3"), "site")


def cache() -> CloudFrontCache:
    return CloudFrontCache(client=lambda: client("cloudfront"), distribution_id="E1")


def workers() -> WorkerRole:
    return WorkerRole(client("ecs"), client("application-autoscaling"), MEMBER)


SINCE: Final = datetime(2026, 11, 29, tzinfo=UTC)
Call = tuple[str, Callable[[], object]]
"""The operation as the server sees it, and what calls it."""
CALLS: Final[Mapping[tuple[str, str], Call]] = {
    ("failover/cache_role.py", "describe_global_replication_groups"): (
        "DescribeGlobalReplicationGroups",
        lambda: CacheRole(client("elasticache"), "gxeiz-app").primary_region(),
    ),
    ("failover/traffic_role.py", "list_resource_record_sets"): (
        "GET /2013-04-01/hostedzone/Z0123456789ABC/rrset",
        lambda: TrafficRole(client("route53"), REGIONS).weights(),
    ),
    ("failover/traffic_role.py", "change_resource_record_sets"): (
        "POST /2013-04-01/hostedzone/Z0123456789ABC/rrset/",
        lambda: TrafficRole(client("route53"), REGIONS).point_to(REGION),
    ),
    ("failover/worker_role.py", "describe_scalable_targets"): (
        "DescribeScalableTargets", lambda: workers().minimum(),
    ),
    ("failover/worker_role.py", "register_scalable_target"): ("RegisterScalableTarget", lambda: workers().scale(1)),
    ("release/docker_build.py", "get_authorization_token"): (
        "GetAuthorizationToken", lambda: ecr_login(client("ecr")),
    ),
    ("release/ecs_compute.py", "describe_alarms"): ("DescribeAlarms", lambda: ecs().fired_alarms(["errors"])),
    ("release/ecs_compute.py", "describe_services"): ("DescribeServices", lambda: ecs().describe([SERVICE])),
    ("release/ecs_compute.py", "describe_target_health"): (
        "DescribeTargetHealth",
        lambda: ecs().target_states([f"arn:aws:elasticloadbalancing:{REGION}:1:targetgroup/a/1"]),
    ),
    ("release/ecs_compute.py", "describe_task_definition"): (
        "DescribeTaskDefinition", lambda: ecs().status([SERVICE]),
    ),
    ("release/ecs_compute.py", "describe_tasks"): ("DescribeTasks", lambda: ecs().stopped_tasks(SERVICE)),
    ("release/ecs_compute.py", "filter_log_events"): (
        "FilterLogEvents", lambda: ecs().log_events("logs", since=SINCE),
    ),
    ("release/ecs_compute.py", "list_tasks"): ("ListTasks", lambda: ecs().running_task(SERVICE)),
    ("release/ecs_compute.py", "register_scalable_target"): (
        "RegisterScalableTarget", lambda: ecs().scale(SERVICE, 0, suspended=True),
    ),
    ("release/ecs_compute.py", "run_task"): ("RunTask", lambda: ecs().run_task({"taskDefinition": "a"}, "a", print)),
    ("release/ecs_compute.py", "update_service"): ("UpdateService", lambda: ecs().restart(SERVICE)),
    ("release/kubernetes_api.py", "describe_cluster"): (
        "GET /clusters/app", lambda: eks_api(AwsClients({}, REGION), "app"),
    ),
    ("release/registries.py", "describe_images"): ("DescribeImages", lambda: digest_of(IMAGE, lambda _: client("ecr"))),
    ("release/sessions.py", "execute_command"): (
        "ExecuteCommand", lambda: execute(ecs(), "plugin", SERVICE, "sh"),
    ),
    ("release/sessions.py", "start_session"): (
        "StartSession",
        lambda: forward(ecs(), "plugin", SERVICE, host="cache.example.com", port=6379, local_port=6379),
    ),
    ("site/edge_cache.py", "create_invalidation"): (
        "POST /2020-05-31/distribution/E1/invalidation",
        lambda: cache().drop(["index.html"], reference="1", wait=False),
    ),
    ("site/object_store.py", "list_objects_v2"): ("GET /site", lambda: bucket().list()),
    ("site/object_store.py", "get_object"): ("GET /site/a", lambda: bucket().read("a")),
    ("site/object_store.py", "head_object"): ("HEAD /site/a", lambda: bucket().headers("a")),
    ("site/object_store.py", "put_object"): ("PUT /site/a", lambda: bucket().write("a", b"")),
    ("site/object_store.py", "copy_object"): ("PUT /site/b", lambda: bucket().copy("a", "b", ENTRY)),
    ("site/object_store.py", "delete_objects"): ("POST /site", lambda: bucket().delete(["a"])),
}  # fmt: skip
NOT_CALLED_ALONE: Final = {
    ("failover/cache_role.py", "failover_global_replication_group"),  # after the description of the group
    ("failover/worker_role.py", "update_service"),  # after the registration of the target
    ("release/ecs_compute.py", "get_log_events"),  # whose errors are left out beside the reason of a task
    ("release/kubernetes_api.py", "get_caller_identity"),  # which is signed and not sent
}


def called_operations() -> set[tuple[str, str]]:
    """Return (module, operation) of each call of boto3, by the names of botocore's models."""
    session = botocore.session.get_session()
    models = [session.get_service_model(each) for each in (*SERVICES, "sts")]
    names = {xform_name(name) for model in models for name in cast("Sequence[str]", model.operation_names)}
    found: set[tuple[str, str]] = set()
    for path in SOURCES.rglob("*.py"):
        module = path.relative_to(SOURCES)
        text = path.read_text(encoding="utf-8")
        if module.parts[0] in (*ELSEWHERE, "cli") or "client" not in text.lower():
            continue
        for node in ast.walk(ast.parse(text)):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            name = node.func.attr if called else node.value if isinstance(node, ast.Constant) else None  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
            if name in names:
                found.add((module.as_posix(), str(name)))  # pyright: ignore[reportUnknownArgumentType]
    return found


def test_every_call_is_listed() -> None:
    # RunTask is also the name of a method of the sandbox and of Kubernetes.
    own_methods = {(module, "run_task") for module in ("release/deployment.py", "release/stack_compute.py")}
    assert called_operations() - own_methods == {*CALLS, *NOT_CALLED_ALONE}


@pytest.fixture
def stack(aws: AwsServer) -> AwsServer:
    """Return an account whose service has a running task."""
    network = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
    service = described(taskDefinition="backend:1", networkConfiguration=network)
    aws.answers["DescribeServices"] = [service]
    containers = [{"name": "backend", "runtimeId": "1"}]
    task = stopped("one", lastStatus="RUNNING", enableExecuteCommand=True, containers=containers)
    aws.tasks[CLUSTER] = [task]
    return aws


def failure(call: Callable[[], object]) -> CommandError:
    with pytest.raises(CommandError) as raised:
        call()
    assert len(raised.value.message.splitlines()) == 1
    assert raised.value.message.endswith(".")
    return raised.value


@pytest.mark.parametrize("name", sorted(CALLS), ids=":".join)
def test_a_denied_call_is_one_sentence_with_the_permission(stack: AwsServer, name: tuple[str, str]) -> None:
    operation, call = CALLS[name]
    stack.answers.pop(operation, None)
    stack.errors[operation] = ["AccessDenied"]
    error = failure(call)
    assert (error.code, stack.calls[operation]) == (ExitCode.FAILED, 1)
    assert f"The credentials may not call {called(name)}" in error.message


@pytest.mark.parametrize("name", sorted(CALLS), ids=":".join)
def test_a_throttled_call_is_repeated_until_another_answer(stack: AwsServer, name: tuple[str, str]) -> None:
    operation, call = CALLS[name]
    stack.answers.pop(operation, None)
    stack.errors[operation] = ["Throttling", "AccessDenied"]
    assert f"The credentials may not call {called(name)}" in failure(call).message
    assert stack.calls[operation] == 2


@pytest.mark.parametrize("name", sorted(CALLS), ids=":".join)
def test_a_call_that_is_throttled_every_time_is_one_sentence(stack: AwsServer, name: tuple[str, str]) -> None:
    operation, call = CALLS[name]
    stack.answers.pop(operation, None)
    stack.errors[operation] = ["Throttling"]
    throttled = f"AWS throttled {called(name)} in every attempt"
    # The answer to a HEAD request has no code, so that the reason of the status is not known.
    assert ("(got 503: " if operation.startswith("HEAD") else throttled) in failure(call).message
    assert stack.calls[operation] == 5


def called(name: Sequence[str]) -> str:
    """Return the name of an operation as AWS writes it: DescribeServices."""
    return "".join(part.capitalize() for part in name[1].split("_"))
