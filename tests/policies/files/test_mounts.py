from __future__ import annotations

import pytest

from policies.files.mounts import RULE
from policies.rule import Outcome
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate

MOUNT = "volumes[0].efsVolumeConfiguration"
PATHS = (
    f"{MOUNT}.transitEncryption",
    f"{MOUNT}.authorizationConfig.accessPointId",
    f"{MOUNT}.authorizationConfig.iam",
)


def test_an_encrypted_and_authorized_mount_passes() -> None:
    assert evaluate(RULE, "with-volume").outcome is Outcome.PASS


@pytest.mark.parametrize("path", PATHS)
def test_a_mount_without_one_of_the_three_fails(path: str) -> None:
    assert [each.path for each in evaluate(RULE, "with-volume", {path: ABSENT}).findings] == [path]


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_value_does_not_pass(path: str) -> None:
    outcome = evaluate(RULE, "with-volume", {path: UNKNOWN}).outcome
    assert outcome is (Outcome.PASS if path.endswith("accessPointId") else Outcome.UNKNOWN)
