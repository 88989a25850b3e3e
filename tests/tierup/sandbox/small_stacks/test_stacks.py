"""The sandbox decides on small stacks as the real clouds do."""

from __future__ import annotations

from typing import Any

import pytest

from tierup.sandbox.behaviour import UNKNOWN

from ..kubernetes.manifests import inputs
from ..provider_calls import Engine
from . import atlas, cloudflare
from .stack import SmallStack, Step, token

WRONG = {**atlas.WRONG, **cloudflare.WRONG}
RIGHT = {**atlas.RIGHT, **cloudflare.RIGHT}
HELD = {**atlas.HELD}
_POD = inputs("Pod")


@pytest.mark.parametrize(("message", "steps"), WRONG.values(), ids=list(WRONG))
def test_last_resource_is_refused(message: str, steps: tuple[Step, ...]) -> None:
    *before, last = steps
    assert message in (SmallStack(*before).create(last) or "accepted")


@pytest.mark.parametrize("steps", RIGHT.values(), ids=list(RIGHT))
def test_stack_is_accepted(steps: tuple[Step, ...]) -> None:
    assert SmallStack(*steps).outputs.keys() == {name for name, _, _ in steps}


@pytest.mark.parametrize(("message", "steps", "target"), HELD.values(), ids=list(HELD))
def test_resource_in_use_is_not_deleted(message: str, steps: tuple[Step, ...], target: tuple[str, str]) -> None:
    assert message in (SmallStack(*steps).delete(*target) or "deleted")


@pytest.mark.parametrize(
    ("type", "given"),
    [
        ("cloudflare:ZeroTrustAccessApplication", {"zoneId": "0" * 32, "type": "self_hosted", "domain": UNKNOWN}),
        ("kubernetes:admissionregistration.k8s.io/v1:ValidatingWebhookConfiguration", {"webhooks": [UNKNOWN]}),
        ("kubernetes:discovery.k8s.io/v1:EndpointSlice", {"addressType": "IPv4", "endpoints": [UNKNOWN]}),
        (
            "kubernetes:core/v1:Pod",
            {**_POD, "spec": {**_POD["spec"], "dnsPolicy": "None", "dnsConfig": {"nameservers": UNKNOWN}}},
        ),
    ],
)
def test_preview_accepts_a_value_that_is_not_known_yet(type: str, given: dict[str, Any]) -> None:
    assert [each.reason for each in Engine(package=type.partition(":")[0]).check(token(type), given).failures] == []
