"""The customer managed KMS key of a stack encrypts its log groups."""

from __future__ import annotations

import pytest

from stacks.catalog.phases import Phase
from tests.stacks.test_architecture import built

LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"


@pytest.mark.parametrize("phase", [Phase.OPTIMIZATION, Phase.SCALE])
def test_every_log_group_of_the_stacks_region_is_encrypted_with_the_key(phase: Phase) -> None:
    groups = built(phase, kmsKey="true").of(LOG_GROUP)

    without_key = {group.name for group in groups if "kmsKeyId" not in group.inputs}
    assert len(groups) > len(without_key)
    # A KMS key encrypts only in its own Region. The log groups of CloudFront's web ACLs are in us-east-1.
    assert without_key == {group.name for group in groups if group.inputs.get("region") == "us-east-1"}


def test_before_phase_scale_the_key_is_optional() -> None:
    groups = built().of(LOG_GROUP)
    assert groups
    assert not [group for group in groups if "kmsKeyId" in group.inputs]
