"""The settings file holds an image for each service, and a release finds the other settings that are not deployed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tierup.deployment.errors import CommandError
from tierup.release.image_settings import (
    changes_for,
    pending_settings,
    platform_of,
    select,
    service_images,
    with_images,
)
from tierup.switch.settings_file import changed_text

CONFIG: dict[str, Any] = {
    "aws:region": "eu-west-1",
    "tierup:phase": "enterprise",
    "tierup:image": "app:v1",
    "tierup:protect": True,
    "tierup:services": {
        "reports": {"image": "reports:v1", "paths": ["/reports"], "priority": 10, "architecture": "X86_64"},
        "shop": {"image": "shop:v1", "weights": {"main": 9, "beta": 1}, "images": {"beta": "shop:v2"}},
    },
}


def applied(config: dict[str, Any]) -> dict[str, str]:
    """Return the settings as the program records them: text as it is, all else as compact JSON."""
    return {
        key: value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
        for key, value in config.items()
        if "secure" not in str(value)
    }


def as_text(config: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration with tierup:services as JSON text, as `pulumi config set` without --path writes it."""
    return {**config, "tierup:services": json.dumps(config["tierup:services"])}


@pytest.mark.parametrize("config", [CONFIG, as_text(CONFIG)], ids=["mapping", "text"])
def test_each_service_and_version_has_its_image(config: dict[str, Any]) -> None:
    assert {name: each.image for name, each in service_images(config).items()} == {
        "backend": "app:v1",
        "reports": "reports:v1",
        "shop": "shop:v1",
        "shop-beta": "shop:v2",
    }


@pytest.mark.parametrize("config", [CONFIG, as_text(CONFIG)], ids=["mapping", "text"])
@pytest.mark.parametrize("service", ["backend", "reports", "shop", "shop-beta"])
def test_another_image_changes_nothing_else(config: dict[str, Any], service: str) -> None:
    changed = with_images(config, {service: "new:v9"})
    before, after = service_images(config), service_images(changed)
    assert {name for name in after if after[name].image != before[name].image} == {service}
    assert after[service].image == "new:v9"
    assert pending_settings(with_images(changed, {service: before[service].image}), applied(CONFIG)) == []


def test_the_settings_file_keeps_its_comments() -> None:
    text = "config:\n  tierup:services:\n    reports:\n      image: reports:v1  # the newest\n      priority: 10\n"
    config = {"tierup:services": {"reports": {"image": "reports:v1", "priority": 10}}}
    changed = changed_text(text, changes_for(config, {"reports": "reports:v2"}))
    assert changed == text.replace("reports:v1", "reports:v2")


def test_a_first_image_is_added_and_removed() -> None:
    config = {"tierup:phase": "mvp"}
    changed = with_images(config, {"backend": "app:v1"})
    assert changed == {**config, "tierup:image": "app:v1"}
    assert with_images(changed, {"backend": None}) == config


@pytest.mark.parametrize(("service", "hint"), [("worker", "runs the image of the backend"), ("nothing", "Allowed: ")])
def test_a_service_without_an_image_of_its_own_is_refused(service: str, hint: str) -> None:
    with pytest.raises(CommandError, match=rf"--service: .*got {service}.*{hint}"):
        select(CONFIG, service)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("tierup:phase", "scale"),
        ("tierup:protect", False),
        ("tierup:tier", "large"),
        ("tierup:protect", None),
        ("aws:region", "eu-central-1"),
        ("tierup:services", {}),
    ],
)
def test_a_changed_setting_is_pending(key: str, value: object) -> None:
    changed = {name: each for name, each in {**CONFIG, key: value}.items() if each is not None}
    assert pending_settings(changed, applied(CONFIG)) == [key]


def test_secrets_are_not_compared() -> None:
    secret = {"tierup:sentryDsn": {"secure": "v1:abc"}, "tierup:appSecrets": {"KEY": {"secure": "v1:abc"}}}
    assert pending_settings({**CONFIG, **secret}, applied(CONFIG)) == []


def test_the_platform_is_that_of_the_architecture() -> None:
    assert platform_of(CONFIG, "backend") == "linux/arm64"
    assert platform_of({**CONFIG, "tierup:backend": {"architecture": "X86_64"}}, "backend") == "linux/amd64"
    assert platform_of(CONFIG, "reports") == "linux/amd64"
    assert platform_of(CONFIG, "shop-beta") == "linux/arm64"
