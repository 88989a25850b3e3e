"""The versions that age, pinned in one place: changing one here is a change of every stack, with its own line in the
log."""

from __future__ import annotations

from typing import Final

VALKEY: Final = "8.1"
"""https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html (read 2026-11-24)"""

MONGODB: Final = "8.0"
"""Atlas itself keeps the patch current.
https://www.mongodb.com/docs/atlas/reference/faq/database/ (from memory)"""

TLS_POLICY: Final = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
"""TLS 1.3 and 1.2 with forward secrecy and no CBC (what it leaves out: from memory).
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html; the name as SslPolicy of
aws-cdk-lib 2.275.0 has it (read 2026-11-24)"""

FIRST_IMAGE: Final = "public.ecr.aws/docker/library/node:22-alpine"
"""What runs until `tierup:image` names an image of your own: multi-architecture, pulled without a login. A tag that
moves is right for a page that only says that it waits."""

LAMBDA_RUNTIME: Final = "python3.13"
"""https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html, as Runtime of aws-cdk-lib
2.275.0 has it (read 2026-11-24)"""

DATADOG_AGENT: Final = "public.ecr.aws/datadog/agent:7.71.1"
"""https://gallery.ecr.aws/datadog/agent (from memory, to be checked)"""

OPENTELEMETRY_COLLECTOR: Final = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3"
"""https://gallery.ecr.aws/aws-observability/aws-otel-collector (from memory, to be checked)"""
