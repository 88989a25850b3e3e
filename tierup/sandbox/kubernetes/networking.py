"""Network policies, and the binding of a service to a target group."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from ..behaviour import UNKNOWN, Behaviour, Call, Reference, Rejection, Stage, documented, located, rule
from .objects import INVALID, SECRET_PROVIDER, SERVICE, items, mapping, neighbour, object_row
from .sources import docs, validation

_TARGET_GROUP = "aws:lb/targetGroup:TargetGroup"
_BINDING = documented(
    "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/spec",
    read="2026-11-28",
)
_SECRETS_STORE = documented(
    "https://github.com/kubernetes-sigs/secrets-store-csi-driver, apis/v1/secretproviderclass_types.go",
    read="2026-11-28",
)


@rule("network-policy", Stage.PLAN, source=validation("networking/validation/validation.go"))
def _policy(call: Call) -> Iterator[Rejection]:
    for direction, peers in (("ingress", "from"), ("egress", "to")):
        for at, block in located(call.inputs, f"spec.{direction}[*].{peers}[*].ipBlock"):
            cidr = mapping(block).get("cidr")
            if not isinstance(cidr, str):
                continue
            try:
                network = ipaddress.ip_network(cidr)
                inside = [ipaddress.ip_network(each) for each in items(mapping(block).get("except"))]
            except ValueError as error:
                yield Rejection(f"{at}.cidr", f"not an address range ({error}).", INVALID)
                continue
            for each in inside:
                if each.version != network.version or not each.subnet_of(network) or each == network:  # pyright: ignore[reportArgumentType] (one version)
                    yield Rejection(f"{at}.except", f"not within {cidr} (got {each}).", INVALID)


@rule("binding-target-type", Stage.PLAN, source=_BINDING)
def _target_type(call: Call) -> Iterator[Rejection]:
    kind = call.get("spec.targetType")
    if isinstance(kind, str) and kind not in ("ip", "instance"):
        yield Rejection("spec.targetType", f"unsupported value (got '{kind}'). Supported: ip, instance.", INVALID)
    for path in ("spec.targetGroupARN", "spec.serviceRef"):
        if call.get(path) is None and call.get("spec.targetGroupName") is None:
            yield Rejection(path, "it is required.", INVALID)


@rule("binding-agrees-with-target-group", Stage.CREATE, Stage.UPDATE, source=_BINDING)
def _agrees(call: Call) -> Iterator[Rejection]:
    wanted = call.get("spec.targetType")
    for group in call.cloud.find(_TARGET_GROUP, arn=call.get("spec.targetGroupARN")):
        got = group.inputs.get("targetType", "instance")
        if wanted is not None and got != wanted:
            yield Rejection("spec.targetType", f"the target group has the target type {got} (got {wanted}).", INVALID)
    reference = mapping(call.get("spec.serviceRef"))
    service = neighbour(call, SERVICE, reference.get("name"))
    if service is None:
        yield Rejection(
            "spec.serviceRef.name", f'BackendNotFound: service "{reference.get("name")}" not found', "NotFound"
        )
        return
    ports = [mapping(port) for port in items(mapping(service.inputs.get("spec")).get("ports"))]
    if reference.get("port") not in [value for port in ports for value in (port.get("port"), port.get("name"))]:
        yield Rejection("spec.serviceRef.port", f"the service has no port {reference.get('port')}.", "NotFound")


@rule("secret-provider", Stage.PLAN, source=_SECRETS_STORE)
def _provider(call: Call) -> Iterator[Rejection]:
    provider = call.get("spec.provider")
    if provider is None:
        yield Rejection("spec.provider", "it is required.", INVALID)
    if provider == "aws" and call.get("spec.parameters.objects") is None and call.get("spec") is not UNKNOWN:
        yield Rejection("spec.parameters.objects", "it is required.", INVALID)


def _binding(api: str) -> Behaviour:
    return object_row(
        f"kubernetes:{api}:TargetGroupBinding",
        source=_BINDING,
        rules=(_target_type, _agrees),
        references=(
            Reference(
                path="spec.targetGroupARN",
                to=_TARGET_GROUP,
                by="arn",
                same_region=False,
                holds=False,
                code="TargetGroupNotFound",
                source=_BINDING,
            ),
        ),
    )


BEHAVIOURS: tuple[Behaviour, ...] = (
    object_row(
        "kubernetes:networking.k8s.io/v1:NetworkPolicy",
        source=docs("concepts/services-networking/network-policies/"),
        rules=(_policy,),
    ),
    _binding("eks.amazonaws.com/v1"),
    _binding("elbv2.k8s.aws/v1beta1"),
    object_row(SECRET_PROVIDER, source=_SECRETS_STORE, rules=(_provider,)),
)
