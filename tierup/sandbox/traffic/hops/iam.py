"""IAM: whether the roles of tasks, schedules and rotations may do what a flow needs, by the sandbox's evaluator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tierup.sandbox.aws.access import cloud_policies
from tierup.sandbox.aws.access.decisions import decide
from tierup.sandbox.aws.access.documents import Statement
from tierup.sandbox.aws.access.evaluation import Outcome, Policies, Request, evaluate
from tierup.sandbox.aws.access.needs import Denial, Need, assumes
from tierup.sandbox.aws.access.silent import NEEDS
from tierup.sandbox.aws.access.tasks import image_needs, running_needs, secret_needs, start_needs
from tierup.sandbox.behaviour import documented
from tierup.sandbox.cloud import CloudResource

from .. import sources
from ..hop import Hop, World, fails, passes, unknown
from ..rows import label
from .view import cloud_view

ROLE = "aws:iam/role:Role"
EVALUATION = documented(
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html", read="2026-11-28"
)


def task_start(
    world: World, definition: CloudResource, *services: str, endpoints: Mapping[str, CloudResource] | None = None
) -> Hop:
    """Return whether ECS may start a task: pull its image, read its secrets, write its logs, assume its roles.

    `services` limits the actions to those of some services, such as "ecr". Empty means all. `endpoints` are the VPC
    endpoints, by service, whose policies the requests must pass.
    """

    def evaluated() -> Hop:
        needs = list(start_needs(definition, cloud_view(world)))
        return _allowed(world, definition, needs, services, "ECS may start the task.", endpoints or {})

    key = ("task start", definition.key, services, tuple((name, each.id) for name, each in (endpoints or {}).items()))
    return world.once(key, evaluated)


def opens_sessions(world: World, definition: CloudResource, endpoints: Mapping[str, CloudResource]) -> Hop:
    """Return whether the role of a task may open the channels of ECS Exec. `endpoints` are those of `task_start`."""
    if not definition.value("taskRoleArn"):
        reason = "The task has no role, which ECS Exec needs."
        return fails("iam", label(definition), "taskRoleArn", reason, sources.ECS_EXEC)
    needs = list(running_needs(definition, cloud_view(world), exec_enabled=True))
    reason = "The role of the task may open a session of ECS Exec."
    return _allowed(world, definition, needs, ("ssmmessages",), reason, endpoints)


def mounts_files(world: World, definition: CloudResource, file_system_arn: str, access_point_arn: str) -> Hop:
    """Return whether the role of a task may mount a file system of EFS by an access point, and write to it."""
    role = str(definition.value("taskRoleArn") or "")
    context = {"elasticfilesystem:AccessPointArn": access_point_arn, "aws:SecureTransport": "true"}
    needs = [
        Need(caller=role, action=f"elasticfilesystem:{action}", resource=file_system_arn, context=context)
        for action in ("ClientMount", "ClientWrite")
    ]
    return _allowed(world, definition, needs, (), "The role of the task may mount the volume.")


def may_call(
    world: World, definition: CloudResource, needs: Sequence[Need], endpoints: Mapping[str, CloudResource]
) -> Hop:
    """Return whether nothing denies what the role of a task allows: a resource's policy, or that of a VPC endpoint.

    `endpoints` are those of `task_start`. The policies of another account's resources are not in the sandbox.
    """
    cloud = cloud_view(world)
    denied = _allowed(
        world, definition, [replace(each, only_explicit_deny=True) for each in needs], (), "Nothing denies the calls."
    )
    if not denied.passed:
        return denied
    inside = [each for each in needs if decide(each.caller, each.action, each.resource, each.context, cloud).allowed]
    return _allowed(world, definition, inside, (), "The role of the task may call the service.", endpoints)


def pulls_layers(world: World, endpoint: CloudResource) -> Hop | None:
    """Return the hop that fails if the policy of an S3 endpoint refuses ECR's image layers; None if it allows them.

    ECR's own account signs these requests, so a policy that allows only the stack's account refuses them:
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html (from memory)
    """
    document = cloud_policies.endpoint_document(cloud_view(world), endpoint.id)
    if document is None:
        return None
    request = Request(
        caller="arn:aws:iam::000000000000:role/ecr",
        action="s3:GetObject",
        resource=f"arn:aws:s3:::prod-{endpoint.region}-starport-layer-bucket/layer",
        context={"aws:principalaccount": ("000000000000",), "aws:sourcevpce": (endpoint.id,)},
    )
    every = Statement("Allow", actions=("*",), resources=("*",), label="ECR's own policy")
    found = cloud_policies.Found([document])
    decision = evaluate(request, Policies(identity=[every], endpoint=found.statements))
    if decision.allowed:
        return None
    make = fails if decision.denied else unknown
    reason = "The policy of the S3 endpoint does not allow the image layers of ECR."
    return make("endpoint-policy", label(endpoint), "policy", reason, EVALUATION)


def pod_identity(world: World, association: CloudResource, cluster_arn: str, secrets: Sequence[str]) -> Hop:
    """Return whether the role of a Pod Identity association may be assumed, and read the secrets of its pods.

    EKS assumes the role with session tags: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html (from
    memory).
    """
    role, view = str(association.value("roleArn") or ""), cloud_view(world)
    tags = {
        "aws:RequestTag/eks-cluster-arn": cluster_arn,
        "aws:RequestTag/kubernetes-namespace": str(association.value("namespace")),
        "aws:RequestTag/kubernetes-service-account": str(association.value("serviceAccount")),
    }
    needs = [
        replace(need, action=action, context={**need.context, **tags})
        for need in assumes("pods.eks.amazonaws.com", role)
        for action in ("sts:AssumeRole", "sts:TagSession")
    ]
    for source in secrets:
        needs += [replace(need, caller=role) for need in secret_needs(source, association, view)]
    return _allowed(world, association, needs, (), "The role of the pods may read their secrets.")


def node_pulls(world: World, cluster: CloudResource, role: str, images: Sequence[str]) -> Hop:
    """Return whether the role of a cluster's nodes may pull images."""
    needs = [replace(need, caller=role) for need in image_needs(images)]
    return _allowed(world, cluster, needs, (), "The role of the nodes may pull the images.")


def needs_of(world: World, resource: CloudResource) -> Hop:
    """Return whether the roles of a resource may do what it is for: a schedule, a rotation."""
    find = NEEDS.get(resource.type)
    needs = list(find(resource, cloud_view(world))) if find is not None else []
    return _allowed(world, resource, needs, (), f"The roles of {label(resource)} may do what it needs.")


def _allowed(
    world: World,
    resource: CloudResource,
    needs: Sequence[Need],
    services: Sequence[str],
    reason: str,
    endpoints: Mapping[str, CloudResource] | None = None,
) -> Hop:
    cloud = cloud_view(world)
    for need in needs:
        service = need.action.partition(":")[0]
        if services and service not in services:
            continue
        decision = decide(need.caller, need.action, need.resource, need.context, cloud)
        if decision.denied and (decision.is_explicit or not need.only_explicit_deny):
            return fails(
                "iam", _role(world, need) or label(resource), need.action, Denial(need, decision).message, EVALUATION
            )
        if decision.outcome is Outcome.UNKNOWN and not need.only_explicit_deny:
            why = f"Whether {need.action} is allowed depends on a condition that the model does not know."
            return unknown("iam", _role(world, need) or label(resource), need.action, why, EVALUATION)
        endpoint = (endpoints or {}).get(service)
        if endpoint is None:
            continue
        through = {"aws:SourceVpce": endpoint.id, "aws:SourceVpc": str(endpoint.value("vpcId"))}
        decision = decide(need.caller, need.action, need.resource, {**need.context, **through}, cloud)
        if not decision.allowed:
            make = fails if decision.denied else unknown
            why = f"The policy of the VPC endpoint does not allow {need.action} on {need.resource}."
            return make("endpoint-policy", label(endpoint), "policy", why, EVALUATION)
    place = next((name for need in needs if (name := _role(world, need))), label(resource))
    return passes("iam", place, "policy", reason, EVALUATION)


def _role(world: World, need: Need) -> str:
    for arn in (need.caller, need.resource):
        role = world.rows.one(ROLE, arn=arn)
        if role is not None:
            return label(role)
    return ""
