"""Each setting is in a stack that tests deploy; each of these stacks deploys and is destroyed without the engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic.alias_generators import to_camel

from stacks.config.model import REGION, Settings
from tests.stacks.deployed import deploy
from tests.stacks.option_stacks import ENCRYPTED, OPTION_STACKS
from tierup.deployment.sandbox_backend import placeholder_secret

ENGINE_TESTS = Path(__file__).parents[1] / "engine"

ELSEWHERE = {
    "hostedZoneId": "test_existing_infrastructure.py",
    "certificateArn": "test_existing_infrastructure.py",
    "edgeCertificateArn": "test_existing_infrastructure.py",
    "existingNetwork": "test_existing_infrastructure.py",
    "existingLoadBalancer": "test_existing_infrastructure.py",
    "existingCluster": "test_existing_infrastructure.py",
    "cdnStandby": "test_switch.py",
    "frontendHost": "test_hosts.py",
    "backendHost": "test_hosts.py",
    "hosts": "test_hosts.py",
    "frontendStandby": "test_hosts.py",
    "backendStandby": "test_hosts.py",
    "regions": "test_eks_and_regions.py",
    "activeRegion": "test_eks_and_regions.py",
    "replicateImages": "test_eks_and_regions.py",
    "orchestrator": "test_eks_and_regions.py",
    "eksTrafficPercent": "test_eks_and_regions.py",
    "eks": "test_eks_and_regions.py",
    "clientCertificates": "test_options.py",
    "cloudflareClientCertificate": "test_options.py",
    "cloudflareClientKey": "test_options.py",
    "allowDirectChanges": "test_switching.py",
}
"""Setting → file of tests/engine which deploys it, because it needs resources of another program or several `up`s."""

REQUIRED = {REGION, "domain", "alertEmail", "atlasOrgId"}
"""Settings that each stack has."""


def test_every_setting_is_in_a_stack_that_tests_deploy() -> None:
    settings = {field.alias or to_camel(name) for name, field in Settings.model_fields.items()}
    deployed = {key for stack in OPTION_STACKS.values() for key in stack}
    assert deployed - settings == set()
    assert settings - deployed == set(ELSEWHERE) | REQUIRED
    unset = {key: file for key, file in ELSEWHERE.items() if key not in (ENGINE_TESTS / file).read_text()}
    assert unset == {}


def _as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _secrets(settings: dict[str, Any]) -> dict[str, str]:
    """Take the encrypted settings out of the others, and return placeholders of them."""
    found: dict[str, str] = {}
    for key, value in list(settings.items()):
        if value == ENCRYPTED:
            found[key] = placeholder_secret(key)
        elif isinstance(value, dict) and ENCRYPTED in value.values():
            found[key] = json.dumps({name: placeholder_secret(f"{key}.{name}") for name in value})
        else:
            continue
        del settings[key]
    return found


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", OPTION_STACKS)
def test_all_options_of_a_stack_deploy_and_are_destroyed(name: str) -> None:
    given: dict[str, Any] = {"domain": "dev.example.com", **OPTION_STACKS[name]}
    secrets = _secrets(given)
    settings = {key: _as_text(value) for key, value in given.items()}
    can_be_destroyed = "databaseBackupCompliance" not in settings  # nobody can disable the policy
    errors, left = deploy(settings, secrets=secrets, again=True, destroy=can_be_destroyed)
    assert errors == []
    assert (left == []) is can_be_destroyed
