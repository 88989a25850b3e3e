"""Stacks that set, together, every setting; tests deploy each of them with and without the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tierup.sandbox.registry import SANDBOX_ACCOUNT

# Encrypted with another person's passphrase: a sandbox run replaces the value with a placeholder.
ENCRYPTED: Final = {"secure": "v1:nonce:cipher"}
ZONE: Final = "0123456789abcdef0123456789abcdef"

_APPLICATION: Mapping[str, Any] = {
    "phase": "scale",
    "tier": "medium",
    "image": "public.ecr.aws/docker/library/node:22-alpine",
    "appSecrets": {"STRIPE_KEY": ENCRYPTED},
    "backend": {
        "environment": {"LOG_LEVEL": "info"},
        "port": 8080,
        "healthCheckPath": "/ready",
        "permissions": {
            "buckets": {"uploads": "read-write"},
            "queues": {f"arn:aws:sqs:eu-west-1:{SANDBOX_ACCOUNT}:jobs": "send"},
            "managedPolicies": ["arn:aws:iam::aws:policy/AmazonSSMReadOnlyAccess"],
        },
        "connections": {"mail": {"port": 587, "cidr": "198.51.100.0/24"}},
        "openFiles": 100_000,
        "sidecars": {"proxy": {"image": "public.ecr.aws/docker/library/nginx:1.29", "memory": 64}},
        "logRouter": {
            "image": "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.5",
            "options": {"Name": "stdout"},
        },
    },
    "worker": {"scaleOnQueue": {"queueName": "jobs", "messagesPerTask": 20}},
    "releaseTask": {"command": ["node", "migrate.js"]},
    "scheduledTasks": {"report": {"command": ["node", "report.js"], "schedule": "rate(1 day)"}},
    "sizeOverrides": {"databaseMaxPoolSize": 20},
    "apiPath": "/api/*",
    "apiDomain": "backend.dev.example.com",
    "databaseName": "shop",
    "databaseAuth": "iam",
    "cacheAuth": "users",
    "cacheClusterMode": "compatible",
    "pauseDatabaseAutoscaling": True,
    "deployment": "canary",
    "bakeMinutes": 10,
    "shiftPercent": 20,
    "shiftMinutes": 5,
    "deploymentChecks": {"testHeader": "x-candidate", "testValue": "candidate-1"},
    "spotPercent": 50,
    "ecsExec": True,
    "idleTimeoutSeconds": 120,
    "autoscaling": {"cpuPercent": 60, "memoryPercent": 80, "requestsPerMinute": 1200},
    "capacitySchedules": {"morning": {"schedule": "cron(0 7 * * ? *)", "minTasks": 3, "maxTasks": 12}},
    "rotationDays": 0,
    "wafMode": "count",
    "originLock": "count",
    "nat": "instance",
    "natInstanceType": "t4g.small",
    "availabilityZones": ["eu-west-1a", "eu-west-1b"],
    "vpcCidr": "10.20.0.0/16",
    "atlasCidr": "192.168.240.0/21",
    "monthlyBudgetUsd": 900,
    "businessAlarms": False,
    "runbookUrl": "https://example.com/runbooks",
    "logRetentionDays": 90,
    "allowedCountries": ["DE", "FR"],
}

_ALL_FEATURES: Mapping[str, Any] = {
    "phase": "enterprise",
    "tier": "medium",
    "protect": True,  # databaseBackupCompliance requires it
    "databaseKmsKey": True,
    "databaseBackupCompliance": {
        "authorizedEmail": "legal@example.com",
        "authorizedFirstName": "Ada",
        "authorizedLastName": "Byron",
        "acknowledgeIrreversible": True,
    },
    "databaseBackups": {"dailyDays": 14, "yearlyYears": 3},
    "databaseMaintenance": {"day": "sun", "hour": 3},
    "databaseLogExport": ["mongod", "mongod-audit"],
    "backupCopyRegion": "eu-west-2",
    "databaseRegions": ["eu-central-1", "eu-west-3"],
    "databaseEffectiveFields": False,
    "kmsKeyUses": ["cache", "images"],
    "cacheSnapshotName": "before-the-incident",
    "services": {
        "reports": {
            "image": "public.ecr.aws/docker/library/node:22-alpine",
            "paths": ["/reports/*"],
            "priority": 100,
            "callers": ["backend"],
            "requestTimeoutSeconds": 45,
            "weights": {"a": 95, "b": 5},
            "select": {"b": {"x-version": "b"}},
            "selectPriority": 50,
        },
        "billing": {
            "image": "public.ecr.aws/docker/library/node:22-alpine",
            "paths": ["/billing/*"],
            "priority": 200,
            "deployment": "canary",
        },
    },
    "sizeOverrides": {"databaseMaxPoolSize": 20},
    "scheduledTasks": {"report": {"command": ["node", "report.js"], "schedule": "rate(1 day)"}},
    "openTelemetryConfig": "receivers: {otlp: {}}\nexporters: {otlphttp: {auth: '${env:OPENTELEMETRY_TOKEN}'}}",
    "openTelemetryToken": ENCRYPTED,
    "alertRoutes": {
        "page": {"emails": ["on-call@example.com"], "slackChannel": "C07EZ1ABC23", "webhooks": ["pagerDuty"]},
        "ticket": {"slackChannel": "C07EZ1ABC24"},
        "slackWorkspace": "T07EA123LEP",
    },
    "alertWebhooks": {"pagerDuty": ENCRYPTED},
    "sentryDsn": ENCRYPTED,
    "datadogApiKey": ENCRYPTED,
    "datadogSite": "datadoghq.eu",
    "siteRedirects": ["www.dev.example.com"],
    "siteAliases": ["shop.dev.example.com"],
    "siteErrorPages": {"notFound": "<h1>Not found</h1>", "serverError": "<h1>Error</h1>"},
    "siteCacheTags": {"/images/*": ["images", "media"]},
    "siteCacheControl": {"/fonts/*": "public, max-age=31536000, immutable"},
    "siteCache": {
        "pageSeconds": 30,
        "staleWhileRevalidateSeconds": 120,
        "staleIfErrorSeconds": 172_800,
        "rules": {"data": {"path": "/data/*", "edgeSeconds": 300, "browserSeconds": 60}},
    },
    "siteEdgeFunction": "function edge(event) { return event.request; }",
    "contentSecurityPolicy": {"script-src": ["https://js.stripe.com"]},
    "priceClass": "PriceClass_All",
    "rateLimit": {"requests": 600, "exemptPaths": ["/api/webhooks/"], "exemptAddresses": ["192.0.2.0/24"]},
    "loginLimit": {"paths": ["/api/auth/login"]},
    "maxBodyBytes": 4096,
    "bodyExemptPaths": ["/api/uploads/"],
    "botControl": True,
    "blockedCountries": ["KP"],
    "blockedAsns": [64_496],
    "uptimeRegions": ["eu-west-1", "us-east-1", "ap-southeast-1"],
    "excludedZoneIds": ["euw1-az9"],
    "ipv6": True,
    "resourceOverrides": {"api-alb": {"enableZonalShift": True}},
}

_CLOUDFLARE: Mapping[str, Any] = {
    "phase": "scale",
    "tier": "small",
    "cdn": "cloudflare",
    "cloudflareZoneId": ZONE,
    "cloudflarePlan": "business",
    "cloudflareAdvancedCertificate": True,
    "allowedAddresses": ["192.0.2.0/24"],
    "siteRedirects": ["www.dev.example.com"],
    "siteAliases": ["shop.dev.example.com"],
    "siteErrorPages": {"notFound": "<h1>Not found</h1>", "serverError": "<h1>Error</h1>"},
    "siteCacheTags": {"/images/*": ["images", "media"]},
    "siteCacheControl": {"/fonts/*": "public, max-age=31536000, immutable"},
    "siteCache": {"pageSeconds": 120},
    "maintenance": {"enabled": True, "message": "Back at noon."},
    "loginLimit": {"paths": ["/api/auth/login"]},
    "blockedCountries": ["KP"],
}

_EARLY: Mapping[str, Any] = {
    "phase": "optimization",
    "tier": "small",
    "stickySeconds": 3600,
    "kmsKey": True,
    "rotation": {"database": 1, "cache": 1},
}

_VENDORS: Mapping[str, Any] = {
    "phase": "scale",
    "tier": "small",
    "monitoring": ["datadog", "newrelic", "sentry"],
    "datadogApiKey": ENCRYPTED,
    "datadog": {"pageHandles": ["@pagerduty-shop"], "intervalSeconds": 600},
    "newRelic": {"accountId": "1234567", "region": "EU"},
    "newRelicLicenseKey": ENCRYPTED,
    "sentry": {"organization": "example"},
}

OPTION_STACKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "application": _APPLICATION,
    "all-features": _ALL_FEATURES,
    "cloudflare": _CLOUDFLARE,
    "early": _EARLY,
    "vendors": _VENDORS,
}
"""Settings by the name of the stack, without the namespace; those of Pulumi.dev.yaml are set besides."""
