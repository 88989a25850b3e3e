"""The stack's own key: what it seals, and what it cannot."""

from __future__ import annotations

import pytest

from stacks.catalog.phases import Phase
from tests.stacks.test_architecture import built

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


@pytest.mark.parametrize("phase", [Phase.OPTIMIZATION, Phase.SCALE])
def test_every_log_of_the_stacks_region_is_sealed_with_it(phase: Phase) -> None:
    groups = built(phase, kmsKey="true").of(LOG_GROUP)

    unsealed = {group.name for group in groups if "kmsKeyId" not in group.inputs}
    assert len(groups) > len(unsealed)
    # A key serves its own region alone: what is in us-east-1 for CloudFront would need another.
    assert unsealed == {group.name for group in groups if group.inputs.get("region") == "us-east-1"}


def test_before_phase_scale_it_is_asked_for() -> None:
    assert not [group for group in built().of(LOG_GROUP) if "kmsKeyId" in group.inputs]
