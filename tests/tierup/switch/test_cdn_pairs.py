"""A change of the CDN in every phase and tier, without the engine: no flow is interrupted, and nothing is replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import count
from typing import Any

import pytest

from components.cdn.provider import CdnKind
from tierup.deployment.delegation import DNS_PROVIDERS
from tierup.sandbox.registrar import delegate
from tierup.switch.planner import plan_switch, settings_of
from tierup.switch.rules import needed_delegation
from tools.switching.in_process import RunResult
from tools.switching.in_process_pairs import deployed, run_steps
from tools.switching.states import STACK, ZONE, State, parse, states

OLD_CDN = {"site-web-acl-logs", "api-edge-web-acl-logs", "site-copy-bucket", "generated-bucket-key"}
"""The data of one CDN alone: its logs, the replica of the site, and the key by which it reads the bucket."""
SAMPLE = "optimization/small"
WANTED: Mapping[CdnKind, dict[str, Any]] = {
    CdnKind.CLOUDFLARE: {"tierup:cdn": "cloudflare", "tierup:cloudflareZoneId": ZONE},
    CdnKind.CLOUDFRONT: {"tierup:cdn": "cloudfront", "tierup:cloudflareZoneId": None},
}


def cases() -> Iterator[Any]:
    for state in states():
        for target in CdnKind:
            marks = [] if str(state) == SAMPLE else [pytest.mark.exhaustive]
            yield pytest.param(state, target, id=f"{state} to {target}", marks=marks)


@pytest.mark.parametrize(("state", "target"), list(cases()))
def test_a_change_of_the_cdn_interrupts_no_flow(state: State, target: CdnKind) -> None:
    start = state.config(next(each for each in CdnKind if each is not target))
    steps = plan_switch(start, WANTED[target], STACK).steps
    configs = [settings_of(each, STACK) for each in (start, *(step.config for step in steps))]
    stack = deployed(start, STACK)
    done = count(1)
    delegations: list[CdnKind] = []

    def change_delegation(_: RunResult) -> None:
        number = next(done)
        wanted = needed_delegation(*configs[number : number + 2]) if number < len(steps) else None
        if wanted is not None:
            delegations.append(wanted)
            delegate(stack.cloud, "example.com", DNS_PROVIDERS[wanted])

    with closing(stack.cloud):
        result = run_steps(stack, steps, change_delegation)
    assert (result.violations, result.seconds) == ([], 0)
    assert set(result.data) <= OLD_CDN
    assert set(delegations) == {target}


def test_a_standby_that_ends_too_early_is_an_outage() -> None:
    state = parse(SAMPLE)
    start = state.config(CdnKind.CLOUDFRONT)
    stack = deployed(start, STACK)
    with closing(stack.cloud):
        result = run_steps(stack, plan_switch(start, WANTED[CdnKind.CLOUDFLARE], STACK).steps)
    assert any("step 3: browser GET https://app.example.com/" in each for each in result.violations)
