from __future__ import annotations

from policies.atlas.clusters import CLUSTER
from policies.atlas.multi_region import RULE
from policies.rule import Outcome
from tests.policies.evaluation import UNKNOWN, evaluate, resource

SECOND = "replicationSpecs[0].regionConfigs[1].regionName"


def test_two_regions_pass() -> None:
    assert evaluate(RULE, "atlas-cluster").outcome is Outcome.PASS


def test_one_region_fails() -> None:
    verdict = evaluate(RULE, "atlas-cluster", {SECOND: "EU_WEST_1"})
    assert [(finding.path, finding.found) for finding in verdict.findings] == [
        ("replicationSpecs[0]", 'only "EU_WEST_1"')
    ]


def test_legacy_cluster_without_specs_has_one_region() -> None:
    cluster = resource(CLUSTER, {"providerName": "AWS", "providerRegionName": "EU_WEST_1"})
    assert [finding.path for finding in RULE.evaluate(cluster).findings] == ["providerRegionName"]


def test_unknown_values_evaluate_to_unknown() -> None:
    assert evaluate(RULE, "atlas-cluster", {SECOND: UNKNOWN}).outcome is Outcome.UNKNOWN
