"""EKS: add-ons, their versions and their configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, assumed, one_for_each, rule
from .eks import ADDON, IN_USE, INVALID, arn_of, auto_mode, cluster_of, is_json_object, provider_page, to_cluster
from .iam import to_role
from .same_scope import known
from .sources import api, sdk

ADDONS = frozenset(
    {
        *("adot", "amazon-cloudwatch-observability", "aws-ebs-csi-driver", "aws-efs-csi-driver", "aws-guardduty-agent"),
        *(
            "aws-mountpoint-s3-csi-driver",
            "aws-network-flow-monitoring-agent",
            "aws-privateca-connector-for-kubernetes",
        ),
        *("aws-secrets-store-csi-driver-provider", "cert-manager", "coredns", "eks-node-monitoring-agent"),
        *("eks-pod-identity-agent", "external-dns", "kube-proxy", "kube-state-metrics", "metrics-server"),
        *("prometheus-node-exporter", "snapshot-controller", "vpc-cni"),
    }
)
"""Add-ons of AWS and of the community. AWS Marketplace has further ones, whose names contain an underscore."""
_BUILT_IN = frozenset({"aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "vpc-cni"})
_NAMES = assumed(
    "names of add-ons, from memory; page to check:"
    " https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html"
)


@rule("addon-exists", Stage.PLAN, source=_NAMES)
def exists(call: Call) -> Iterator[Rejection]:
    name = known(call, "addonName")
    if isinstance(name, str) and name not in ADDONS and "_" not in name:
        yield Rejection("addonName", f"Addon {name} specified is not supported", INVALID)


@rule("addon-version-is-one-of-eks", Stage.PLAN, source=api("eks", "CreateAddonRequest"))
def version(call: Call) -> Iterator[Rejection]:
    value = known(call, "addonVersion")
    if isinstance(value, str) and not re.fullmatch(r"v\d+\.\d+\.\d+(\.\d+)?-eksbuild\.\d+", value):
        yield Rejection(
            "addonVersion",
            f"Addon version specified is not supported (got '{value}'). Allowed are versions such as v0.8.1-eksbuild.5,"
            " which DescribeAddonVersions lists.",
            INVALID,
        )


@rule("addon-configuration-is-an-object", Stage.PLAN, source=api("eks", "CreateAddonRequest"))
def configuration(call: Call) -> Iterator[Rejection]:
    value = known(call, "configurationValues")
    if isinstance(value, str) and value.lstrip().startswith("{") and not is_json_object(value):
        yield Rejection("configurationValues", "ConfigurationValue provided in request is not valid JSON", INVALID)


@rule(
    "auto-mode-contains-this-addon",
    Stage.CREATE,
    source=assumed("EKS accepts the add-on, whose pods never run on Auto Mode nodes; the sandbox rejects it instead"),
)
def built_in(call: Call) -> Iterator[Rejection]:
    cluster = cluster_of(call)
    if cluster is not None and auto_mode(cluster.outputs) and call.get("addonName") in _BUILT_IN:
        yield Rejection("addonName", f"EKS Auto Mode contains {call.get('addonName')}. Remove the add-on.", INVALID)


BEHAVIOURS: tuple[Behaviour, ...] = (
    Behaviour(
        type=ADDON,
        source=sdk("eks/addon"),
        id="{clusterName}:{addonName}",
        outputs={
            "addonVersion": "v1.0.0-eksbuild.1",
            "arn": f"{arn_of('addon')}/{{addonName}}/{{uuid}}",
            "configurationValues": "",
            "createdAt": "2026-11-28T00:00:00Z",
            "modifiedAt": "2026-11-28T00:00:00Z",
        },
        replaces=frozenset({"clusterName", "addonName"}),
        replace_source=provider_page("addon.go"),
        keeps=frozenset({"addonVersion", "configurationValues"}),
        enums={
            "resolveConflictsOnCreate": ("NONE", "OVERWRITE"),
            "resolveConflictsOnUpdate": ("NONE", "OVERWRITE", "PRESERVE"),
        },
        references=(
            to_cluster("CreateAddon"),
            to_role("serviceAccountRoleArn", code=INVALID, source=api("eks", "CreateAddonRequest")),
            to_role("podIdentityAssociations[*].roleArn", code=INVALID, source=api("eks", "CreateAddonRequest")),
        ),
        rules=(
            exists,
            version,
            configuration,
            built_in,
            one_for_each("clusterName", "addonName", code=IN_USE, source=api("eks", "CreateAddon")),
        ),
    ),
)
