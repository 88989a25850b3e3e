"""The weighted record of a region: its identity, its weight and the health of its target."""

from __future__ import annotations

from dataclasses import replace

import pytest

from components.dns.regional_record import RegionalRecord, RegionalRecordArgs
from tests.engine_recorder import record

ARGS = RegionalRecordArgs(
    domain_name="origin.api.example.com",
    zone_id="Z1",
    region="eu-central-1",
    active=False,
    target_domain_name="api-1.eu-central-1.elb.amazonaws.com",
    target_zone_id="Z215JYRZR1TBD5",
)


@pytest.mark.parametrize(("active", "weight"), [(True, 100), (False, 0)])
def test_weight_follows_whether_the_region_serves(active: bool, weight: int) -> None:
    recording = record(lambda: RegionalRecord("origin", replace(ARGS, active=active)))
    inputs = recording.named("origin-a").inputs

    assert recording.tree() == {"origin": None, "origin-a": "origin"}
    assert inputs["setIdentifier"] == "eu-central-1"
    assert inputs["weightedRoutingPolicies"] == [{"weight": weight}]
    assert inputs["aliases"] == [
        {"name": ARGS.target_domain_name, "zoneId": "Z215JYRZR1TBD5", "evaluateTargetHealth": True}
    ]


def test_name_that_is_no_host_name_is_refused() -> None:
    with pytest.raises(ValueError, match="domain_name"):
        replace(ARGS, domain_name="origin")
