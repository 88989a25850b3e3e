"""Secrets of AWS for a pod: a SecretProviderClass of the Secrets Store CSI driver.

The driver mounts the secrets into each pod with the pod's own identity (EKS Pod Identity), and keeps a Kubernetes
Secret with them while a pod mounts them, which the pod's environment refers to. The values are in no Pulumi state, the
role of each workload decides what it may read, and AWS maintains the driver as an EKS add-on. A plain Secret would
store the values in the state, and the External Secrets Operator would be one more controller to install and to update.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/integrating_csi_driver.html (read 2026-11-28)
The add-on is aws-secrets-store-csi-driver-provider with `syncSecret.enabled`, as public manifests have it (read
2026-11-28).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi_kubernetes as kubernetes
from pulumi import Input, Output, ResourceOptions

DRIVER = "secrets-store.csi.k8s.io"
_ARN_PARTS = 7  # of a secret: arn:aws:secretsmanager:region:account:secret:name


def secret_provider(
    name: str, *, namespace: Input[str], region: Input[str], secrets: Mapping[str, Input[str]], opts: ResourceOptions
) -> kubernetes.apiextensions.CustomResource:
    """Create the SecretProviderClass `<name>-<random digits>`, whose Kubernetes Secret has the name `<name>-secrets`.

    `secrets` maps variables to the ARN of a secret or parameter. A secret's ARN may be followed by
    :json-key:stage:version, as in an ECS task definition.
    """
    return kubernetes.apiextensions.CustomResource(
        name,
        api_version="secrets-store.csi.x-k8s.io/v1",
        kind="SecretProviderClass",
        metadata={"namespace": namespace},
        spec={
            "provider": "aws",
            "parameters": {
                "region": region,
                "usePodIdentity": "true",
                "objects": Output.all(**secrets).apply(lambda arns: json.dumps(mounted_objects(arns), sort_keys=True)),
            },
            "secretObjects": [
                {
                    "secretName": secret_name(name),
                    "type": "Opaque",
                    "data": [{"objectName": variable, "key": variable} for variable in sorted(secrets)],
                }
            ],
        },
        opts=opts,
    )


def secret_name(name: str) -> str:
    """Return the name of the Kubernetes Secret that the driver writes."""
    return f"{name}-secrets"


def mounted_objects(arns: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the `objects` of AWS's provider: one for each secret and version, with an alias for each JSON key.

    https://github.com/aws/secrets-store-csi-driver-provider-aws, README.md, "SecretProviderClass options" (read
    2026-11-28): a parameter is given by its name, and not by its ARN.
    """
    objects: dict[tuple[str, str, str], dict[str, Any]] = {}
    for variable, arn in sorted(arns.items()):
        parts = arn.split(":")
        if ":secret:" not in arn:
            parameter = {"objectName": _parameter_name(arn), "objectType": "ssmparameter", "objectAlias": variable}
            objects[arn, "", variable] = parameter
            continue
        key, stage, version = (*parts[_ARN_PARTS:], "", "", "")[:3]
        secret: dict[str, Any] = {"objectName": ":".join(parts[:_ARN_PARTS])}
        if stage:
            secret["objectVersionLabel"] = stage
        if version:
            secret["objectVersion"] = version
        if not key:
            objects[arn, "", variable] = {**secret, "objectAlias": variable}
            continue
        found = objects.setdefault(
            (secret["objectName"], stage, version),
            # A separate alias: two objects of one secret, with different versions, would share a file otherwise.
            {**secret, "objectAlias": f"{variable}.json", "jmesPath": []},
        )
        found["jmesPath"].append({"path": f'"{key}"', "objectAlias": variable})
    return list(objects.values())


def _parameter_name(arn: str) -> str:
    """Return the name in the ARN of a parameter: one with a path begins with /, and one without has no /."""
    name = arn.partition(":parameter/")[2]
    return f"/{name}" if "/" in name else name
