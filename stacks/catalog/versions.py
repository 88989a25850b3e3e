"""The pinned versions of engines, images, runtimes and TLS policies. A change here changes every stack."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

VALKEY: Final = "8.1"
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html (read 2026-11-24)"""

MONGODB: Final = "8.0"
"""The major version; Atlas applies patch versions automatically.
https://www.mongodb.com/docs/atlas/reference/faq/database/ (read 2026-11-29)"""

TLS_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
"""TLS 1.3 and 1.2 with forward secrecy and without CBC ciphers (the list of ciphers: from memory).
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html; the name as in SslPolicy
of aws-cdk-lib 2.275.0 (read 2026-11-24)"""

KUBERNETES: Final = "1.35"
"""In standard support of EKS until 2027-03-27. EKS then upgrades the cluster, which may not enter extended support.
https://aws-samples.github.io/sample-apex-skills/docs/skills/eks-operation-review/references/cluster-lifecycle (its
date: 2026-04-24, read 2026-11-28), which quotes https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html"""

EKS_ADDONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        # A cluster of version 1.35 in ap-northeast-1, whose add-ons were updated to AWS's default versions on
        # 2026-08-29 (a public record of the update, read 2026-11-28).
        "amazon-cloudwatch-observability": "v6.5.0-eksbuild.1",
        # A public program for clusters of version 1.35 (read 2026-11-28).
        "aws-secrets-store-csi-driver-provider": "v3.1.3-eksbuild.1",
        # A public table of add-ons by version, for 1.35 (read 2026-11-28).
        "metrics-server": "v0.8.1-eksbuild.5",
    }
)
"""The add-ons of a cluster in Auto Mode, with versions for Kubernetes 1.35. `aws eks describe-addon-versions` lists
those that your region offers."""

PLACEHOLDER_IMAGE: Final = "public.ecr.aws/docker/library/node:22-alpine"
"""The image of the placeholder service, which runs until `tierup:image` is set: multi-architecture and public. Its tag
may move, because the placeholder only answers the health check."""

LAMBDA_RUNTIME: Final = "python3.13"
"""https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html; as in Runtime of aws-cdk-lib
2.275.0 (read 2026-11-24)"""

DATADOG_AGENT: Final = "public.ecr.aws/datadog/agent:7.71.1"
"""https://gallery.ecr.aws/datadog/agent (from memory, to be checked)"""

OPENTELEMETRY_COLLECTOR: Final = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
"""https://gallery.ecr.aws/aws-observability/aws-otel-collector (from memory, to be checked)"""
