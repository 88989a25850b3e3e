"""One Kubernetes control plane for all tests, with nodes that run no containers."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from tools.kubernetes.control_plane import ControlPlane, started_control_plane
from tools.kubernetes.nodes import running_pods
from tools.kubernetes.programs import KubernetesPrograms, find_or_build


@pytest.fixture(scope="session")
def programs() -> KubernetesPrograms:
    """Return the programs, after building those that the cache has not."""
    return find_or_build(print)


@pytest.fixture(scope="session")
def control_plane(programs: KubernetesPrograms) -> Generator[ControlPlane]:
    """Return a running control plane with three nodes."""
    with started_control_plane(programs) as control_plane, running_pods(control_plane.api):
        yield control_plane
