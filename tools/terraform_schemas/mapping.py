"""Finds the Pulumi type of a Terraform resource, and the Pulumi path of each of its attributes.

The bridge's own tables are not part of the SDKs, so types and attributes are compared by name, without case,
underscores and plural endings. A type must share most of its inputs with the resource.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tierup.sandbox.schema import Property, TypeExpression, TypeSchema, canonical, sdk
from tierup.sandbox.schema import schema as schema_of

_KNOWN: Mapping[str, str] = {
    "aws_api_gateway_deployment": "aws:apigateway/deployment:Deployment",
    "aws_cloudtrail": "aws:cloudtrail/trail:Trail",
    "aws_cloudwatch_event_bus": "aws:cloudwatch/eventBus:EventBus",
    "aws_codedeploy_app": "aws:codedeploy/application:Application",
    "aws_codepipeline": "aws:codepipeline/pipeline:Pipeline",
    "aws_cognito_identity_pool_roles_attachment": "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment",
    "aws_db_parameter_group": "aws:rds/parameterGroup:ParameterGroup",
    "aws_eks_cluster": "aws:eks/cluster:Cluster",
    "aws_elb": "aws:elb/loadBalancer:LoadBalancer",
    "aws_lb": "aws:lb/loadBalancer:LoadBalancer",
    "aws_lb_listener": "aws:lb/listener:Listener",
    "aws_network_interface_sg_attachment": "aws:ec2/networkInterfaceSecurityGroupAttachment"
    ":NetworkInterfaceSecurityGroupAttachment",
    "aws_s3_bucket_replication_configuration": "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    "aws_s3_object": "aws:s3/bucketObjectv2:BucketObjectv2",
    "mongodbatlas_alertconfiguration": "mongodbatlas:index/alertConfiguration:AlertConfiguration",
    "mongodbatlas_databaseuser": "mongodbatlas:index/databaseUser:DatabaseUser",
    "mongodbatlas_encryptionatrest": "mongodbatlas:index/encryptionAtRest:EncryptionAtRest",
}
"""Resources whose type has another name."""
_COMMON = {"tags", "tagsall", "region", "timeouts", "id"}
_ENOUGH = 0.6


def flat(name: str) -> str:
    """Return a name without case and underscores."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _stem(name: str) -> str:
    """Return a flat name without its plural ending."""
    found = flat(name)
    if found.endswith("ies"):
        return f"{found[:-3]}y"
    for ending in ("sses", "xes", "ches", "shes"):
        if found.endswith(ending):
            return found[:-2]
    return found[:-1] if found.endswith("s") and not found.endswith("ss") else found


def properties(known: Mapping[str, Any]) -> dict[str, str]:
    """Return the names of inputs by their flat name and by its stem."""
    return {**{_stem(name): name for name in known}, **{flat(name): name for name in known}}


def types(package: str, resources: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (Terraform name, Pulumi token) for each resource whose type is certain."""
    by_kind: dict[str, list[str]] = {}
    for token in _resource_types(package):
        by_kind.setdefault(flat(token.rpartition(":")[2]), []).append(token)
    taken: dict[str, tuple[float, str]] = {}
    for name, resource in sorted(resources.items()):
        if name in _KNOWN:
            taken[_KNOWN[name]] = (2.0, name)
            continue
        best = max(_candidates(name, resource["fields"], by_kind), default=None)
        if best is None or best[0] < _ENOUGH:
            continue
        score, token = best
        if token not in taken or taken[token][0] < score:
            taken[token] = (score, name)
    for token, (_, name) in sorted(taken.items()):
        yield name, token


def _candidates(name: str, fields: Mapping[str, Any], by_kind: Mapping[str, list[str]]) -> Iterator[tuple[float, str]]:
    parts = name.split("_")[1:]
    given = {_stem(key) for key, each in fields.items() if each.get("optional") or each.get("required")} - _COMMON
    for start in range(len(parts)):
        for token in by_kind.get("".join(parts[start:]), ()):
            known = {_stem(key) for key in schema_of(token).inputs} - _COMMON
            shared = len(given & known) / max(1, len(given | known))
            module = flat(token.split(":")[1].partition("/")[0])
            bonus = 0.1 if start == 0 or module == "".join(parts[:start]) else 0.0
            yield shared + bonus, token


def paths(fields: Mapping[str, Any], schema: TypeSchema) -> dict[str, tuple[str, Any]]:
    """Return the attributes by their Terraform path ("cors.max_age"), each with its Pulumi path ("cors.maxAge")."""
    return dict(_paths(fields, schema.inputs, schema, "", ""))


def _paths(
    fields: Mapping[str, Any], known: Mapping[str, Property], schema: TypeSchema, terraform: str, pulumi: str
) -> Iterator[tuple[str, tuple[str, Any]]]:
    names = properties(known)
    for key, attribute in fields.items():
        name = names.get(flat(key)) or names.get(_stem(key))
        if name is None:
            continue
        expression = known[name].type
        path, suffix = f"{pulumi}{name}", ""
        while isinstance(expression, list) and expression[0] == "list":
            expression, suffix = expression[1], suffix + "[*]"
        yield f"{terraform}{key}", (path + suffix, attribute)
        inner = attribute.get("fields")
        if inner and _is_object(expression):
            yield from _paths(inner, schema.objects[expression[1]], schema, f"{terraform}{key}.", f"{path}{suffix}.")


def _is_object(expression: TypeExpression) -> bool:
    return isinstance(expression, list) and expression[0] == "object"


def _resource_types(package: str) -> list[str]:
    return [token for token in sdk(package).tokens if canonical(token) == token and not token.startswith("pulumi:")]
