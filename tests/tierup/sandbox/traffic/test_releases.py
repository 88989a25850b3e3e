"""A release and a rollback of the image interrupt no flow and open none, however the service is deployed."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest

from components.cdn.provider import CdnKind
from tools.switching.in_process_pairs import deployed, traffic_violations
from tools.switching.states import STACK, parse


def config(state: str, tag: str, **settings: Any) -> dict[str, Any]:
    given = {"image": f"public.ecr.aws/example/backend:{tag}", **settings}
    return {
        **parse(state).config(CdnKind.CLOUDFRONT),
        **{f"tierup:{key}": value for key, value in given.items()},
    }


@pytest.mark.parametrize(
    ("state", "settings"),
    [
        ("mvp/small", {}),
        *(
            pytest.param("scale/small", {"deployment": deployment}, marks=pytest.mark.exhaustive, id=deployment)
            for deployment in ("rolling", "blue-green", "canary", "linear")
        ),
    ],
)
def test_a_release_and_a_rollback_interrupt_no_flow(state: str, settings: dict[str, Any]) -> None:
    stack = deployed(config(state, "1", **settings), STACK)
    with closing(stack.cloud):
        for tag in ("2", "1"):
            result = stack.up(config(state, tag, **settings))
            assert result.errors == []
            assert "backend-service" in [each.name for each in result.changes]
            assert result.timeline is not None
            assert result.timeline.report.served
            assert list(traffic_violations(result.timeline, unlocked=False)) == []
