"""The sandbox accepts and refuses the manifests that a Kubernetes API server accepts and refuses."""

from __future__ import annotations

import pytest

from ..provider_calls import Engine, urn
from .decisions import DECISIONS, ManifestDecision
from .manifests import inputs, token
from .test_objects import reasons

LEVELS = {"app": "restricted", "baseline": "baseline", "open": "privileged"}


@pytest.fixture(scope="module")
def prepared() -> Engine:
    """Return an engine with the namespaces of the table, and the Deployment that its autoscalers scale."""
    engine = Engine(package="kubernetes")
    for name, level in LEVELS.items():
        labels = {"pod-security.kubernetes.io/enforce": level}
        engine.create(token("Namespace"), {"metadata": {"name": name, "labels": labels}}, name=name)
    engine.create(token("Deployment"), inputs("Deployment", {"metadata.name": "target"}), name="target")
    return engine


@pytest.mark.parametrize("decision", DECISIONS, ids=str)
def test_sandbox_decides_as_an_api_server(prepared: Engine, decision: ManifestDecision) -> None:
    found = reasons(prepared, token(decision.kind), inputs(decision.kind, decision.changes))
    for resource in prepared.cloud.by_urn(urn(token(decision.kind), "it")):
        prepared.cloud.remove(resource)
    assert (not found) == (decision.accepted and decision.works), found
