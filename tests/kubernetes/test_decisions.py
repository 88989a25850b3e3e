"""A real API server accepts and refuses the manifests of the sandbox's table of decisions."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import pytest

from tests.tierup.sandbox.kubernetes.decisions import DECISIONS, ManifestDecision
from tests.tierup.sandbox.kubernetes.manifests import manifest, template_path
from tests.tierup.sandbox.kubernetes.test_decisions import LEVELS
from tierup.sandbox.behaviour import first, values_at
from tools.kubernetes.api import KubernetesApi, RequestRefusedError, address
from tools.kubernetes.control_plane import ControlPlane

pytestmark = [pytest.mark.kubernetes]
_number = itertools.count()


@pytest.fixture(scope="module")
def api(control_plane: ControlPlane) -> KubernetesApi:
    """Return the API of a control plane with the namespaces of the table."""
    for name, level in LEVELS.items():
        labels = {"pod-security.kubernetes.io/enforce": level}
        metadata = {"name": name, "labels": labels}
        control_plane.api.create({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})
        control_plane.wait_for_default_account(name)
    return control_plane.api


@pytest.mark.parametrize("decision", DECISIONS, ids=str)
def test_api_server_decides_as_the_table(api: KubernetesApi, decision: ManifestDecision) -> None:
    found = refusals(api, decision)
    assert (not found) == decision.accepted, found


def refusals(api: KubernetesApi, decision: ManifestDecision) -> list[str]:
    """Return why the API server refuses an object, or the pods of its template. It keeps none of them."""
    sent = manifest(decision.kind, decision.changes)
    try:
        # A dry run allocates no ports of nodes, so services are created.
        api.apply(sent, dry_run=decision.kind != "Service")
        if decision.kind == "Service":
            api.call("DELETE", address(sent))
        template = template_path(decision.kind)
        if template is not None:
            api.create(_pod(sent, first(values_at(sent, template))), dry_run=True)
    except RequestRefusedError as error:
        return [f"{error.reason}: {error}"]
    return []


def _pod(owner: Mapping[str, Any], template: Mapping[str, Any]) -> dict[str, Any]:
    """Return the pod that a controller creates from a template."""
    metadata = {
        **template.get("metadata", {}),
        "name": f"pod-{next(_number)}",
        "namespace": owner["metadata"]["namespace"],
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}
