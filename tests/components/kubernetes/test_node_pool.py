"""Tests of the node pool."""

from __future__ import annotations

from typing import Any

import pytest

from components.kubernetes.node_pool import NodePool, NodePoolArgs
from tests.engine_recorder import record


def _spec(args: NodePoolArgs) -> dict[str, Any]:
    return record(lambda: NodePool("apps", args)).one("kubernetes:karpenter.sh/v1:NodePool").inputs["spec"]


def _requirements(spec: dict[str, Any]) -> dict[str, list[str]]:
    return {each["key"]: each["values"] for each in spec["template"]["spec"]["requirements"]}


def test_nodes_are_graviton_on_demand_with_a_limit() -> None:
    spec = _spec(NodePoolArgs(architectures=["arm64"], max_vcpus=48))

    assert _requirements(spec)["kubernetes.io/arch"] == ["arm64"]
    assert _requirements(spec)["karpenter.sh/capacity-type"] == ["on-demand"]
    assert spec["limits"] == {"cpu": "48"}
    assert spec["template"]["spec"]["expireAfter"] == "336h"


def test_spot_is_allowed_beside_on_demand() -> None:
    spec = _spec(NodePoolArgs(architectures=["arm64"], max_vcpus=48, spot=True))

    assert _requirements(spec)["karpenter.sh/capacity-type"] == ["spot", "on-demand"]


@pytest.mark.parametrize(
    ("architectures", "vcpus", "message"),
    [((), 8, "architectures: empty or unknown"), (("ARM64",), 8, "architectures"), (("arm64",), 1, "max_vcpus")],
)
def test_invalid_arguments_are_rejected(architectures: tuple[str, ...], vcpus: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        NodePoolArgs(architectures=architectures, max_vcpus=vcpus)
