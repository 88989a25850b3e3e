"""The kubeconfig of an EKS cluster, which contains no credential: the AWS CLI gets a token of the caller's IAM role."""

from __future__ import annotations

from pulumi import Input, Output


def kubeconfig(
    *, cluster_name: Input[str], endpoint: Input[str], certificate_authority: Input[str], region: Input[str]
) -> Output[str]:
    """Return the kubeconfig (JSON) for pulumi-kubernetes and kubectl. `certificate_authority` is base64.

    It runs `aws eks get-token`, so the AWS CLI must be on the PATH, and the caller needs an access entry:
    https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html (read 2026-11-28)
    """
    arguments = ["--region", region, "eks", "get-token", "--cluster-name", cluster_name, "--output", "json"]
    return Output.json_dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [
                {
                    "name": cluster_name,
                    "cluster": {"server": endpoint, "certificate-authority-data": certificate_authority},
                }
            ],
            "users": [
                {
                    "name": cluster_name,
                    "user": {
                        "exec": {
                            "apiVersion": "client.authentication.k8s.io/v1beta1",
                            "command": "aws",
                            "args": arguments,
                            "interactiveMode": "Never",
                        }
                    },
                }
            ],
            "contexts": [{"name": cluster_name, "context": {"cluster": cluster_name, "user": cluster_name}}],
            "current-context": cluster_name,
        }
    )
