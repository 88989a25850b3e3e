"""The versions of the programs that `make test-kubernetes` builds."""

from __future__ import annotations

from pathlib import Path

from tools.kubernetes import programs


def test_version_is_that_of_the_module_file() -> None:
    modules = Path(programs.__file__).parent / "build" / "server" / "go.mod"
    assert f"k8s.io/kubernetes {programs.KUBERNETES_VERSION}" in modules.read_text(encoding="utf-8")
