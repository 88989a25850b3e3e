"""Datadog's types. Its plan exists before the stack, and its price depends on hosts, tasks and test runs."""

from __future__ import annotations

from typing import Final

FREE: Final = frozenset(
    {
        "datadog:aws/integrationAccount:IntegrationAccount",
        "datadog:aws/integrationExternalId:IntegrationExternalId",
        "datadog:index/dashboardJson:DashboardJson",
        "datadog:index/monitor:Monitor",
        "datadog:index/serviceLevelObjective:ServiceLevelObjective",
        "datadog:index/syntheticsTest:SyntheticsTest",
    }
)
"""Types without a fixed price: Datadog bills tasks with its agent, and each run of a synthetic test.
https://www.datadoghq.com/pricing/list/ (from memory)"""
