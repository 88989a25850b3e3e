"""One engine and one sandbox for all tests that drive the real engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.engine.sandbox_stack import SandboxStack
from tierup.engine import find_or_install
from tierup.sandbox import SandboxProcess, ensure_running, stop


@pytest.fixture(scope="session")
def sandbox_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the shared sandbox keeps its cloud."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def sandbox(sandbox_home: Path) -> Generator[SandboxProcess]:
    """The shared sandbox."""
    yield ensure_running(sandbox_home)
    stop(sandbox_home)


@pytest.fixture(scope="session")
def engine_environment(sandbox: SandboxProcess) -> Generator[Mapping[str, str]]:
    """What an engine needs to meet the sandbox, and nothing that could reach a real account."""
    environment = find_or_install().environment()
    before = os.environ["PATH"]
    os.environ["PATH"] = environment["PATH"]  # the Automation API looks for the engine with our PATH, not its own
    yield {
        **environment,
        "PULUMI_CONFIG_PASSPHRASE": "sandbox",
        "PULUMI_DEBUG_PROVIDERS": sandbox.debug_providers,
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        # Otherwise the engine looks for the real providers before it attaches to the sandbox.
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
    }
    os.environ["PATH"] = before


@pytest.fixture
def create_stack(
    tmp_path: Path, sandbox: SandboxProcess, sandbox_home: Path, engine_environment: Mapping[str, str]
) -> Callable[..., SandboxStack]:
    """Create a stack of a program: create_stack(), or create_stack(stack="prod", region="us-east-1")."""

    def make(**settings: Any) -> SandboxStack:
        folder = tmp_path / str(settings.get("stack", "dev"))
        return SandboxStack(
            folder=folder, sandbox=sandbox, home=sandbox_home, environment=engine_environment, **settings
        )

    return make
