"""The pinned versions of engines, images, runtimes and TLS policies. A change here changes every stack."""

from __future__ import annotations

from typing import Final

VALKEY: Final = "8.1"
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html (read 2026-11-24)"""

MONGODB: Final = "8.0"
"""The major version; Atlas applies patch versions automatically.
https://www.mongodb.com/docs/atlas/reference/faq/database/ (from memory)"""

TLS_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
"""TLS 1.3 and 1.2 with forward secrecy and without CBC ciphers (the list of ciphers: from memory).
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html; the name as in SslPolicy
of aws-cdk-lib 2.275.0 (read 2026-11-24)"""

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
