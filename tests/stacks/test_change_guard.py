"""The guard refuses a change of an existing stack that takes several steps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stacks import change_guard
from stacks.config.errors import InvalidConfigError
from tests.stacks.config.test_reading import MINIMAL_CONFIG, read


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return the outputs of the stack's last `up`: those of a small stack in phase mvp."""
    outputs: dict[str, Any] = {change_guard.APPLIED_SETTINGS: json.dumps(MINIMAL_CONFIG)}
    monkeypatch.setattr(change_guard, "_earlier_outputs", lambda: outputs)
    return outputs


def rejection(**changes: str) -> str:
    with pytest.raises(InvalidConfigError) as caught:
        change_guard.check_change(read(**changes))
    return str(caught.value)


def accepts(**changes: str) -> bool:
    change_guard.check_change(read(**changes))
    return True


def test_a_change_that_takes_several_steps_is_rejected_with_the_command(recorded: dict[str, Any]) -> None:
    message = rejection(phase="scale", tier="medium")
    assert "Nothing was changed" in message
    assert "tierup:pauseDatabaseAutoscaling: the change takes more than one up" in message
    assert "tierup:originLock" in message
    assert "tierup switch --stack" in message


def test_a_change_that_is_not_possible_is_rejected_with_the_alternative(recorded: dict[str, Any]) -> None:
    message = rejection(vpcCidr="10.1.0.0/16")
    assert "tierup:vpcCidr: the change is not possible on an existing stack" in message
    assert "Create a second stack" in message


def test_a_change_of_one_step_is_accepted(recorded: dict[str, Any]) -> None:
    assert accepts(phase="optimization", tier="medium")


def test_a_new_stack_is_accepted(recorded: dict[str, Any]) -> None:
    recorded.clear()
    assert accepts(phase="enterprise", tier="large")


@pytest.mark.parametrize("text", ["{", "[]", json.dumps({"tierup:phase": "no phase"}), 7])
def test_settings_that_this_version_does_not_know_are_not_compared(recorded: dict[str, Any], text: object) -> None:
    recorded[change_guard.APPLIED_SETTINGS] = text
    assert accepts(phase="scale", tier="medium")


def test_a_stack_with_settings_that_need_a_secret_is_compared(recorded: dict[str, Any]) -> None:
    """The recorded settings have no secrets, so constraints that need them cannot be evaluated again."""
    certificate = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"
    recorded[change_guard.APPLIED_SETTINGS] = json.dumps(
        {**MINIMAL_CONFIG, "tierup:cdn": "cloudflare", "tierup:cloudflareClientCertificate": certificate}
    )
    assert "tierup:vpcCidr" in rejection(vpcCidr="10.1.0.0/16")


def test_direct_changes_can_be_allowed(recorded: dict[str, Any]) -> None:
    assert accepts(phase="scale", tier="medium", allowDirectChanges="true")
