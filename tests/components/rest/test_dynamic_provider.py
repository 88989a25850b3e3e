"""Dynamic providers in the state: only the name of their class, without a token."""

from __future__ import annotations

import base64
import subprocess
import sys
from pathlib import Path

import dill
import pytest
from pulumi.dynamic.dynamic import serialize_provider

from components.netlify.site_provider import NetlifySiteProvider
from components.railway.providers import RailwayDeploymentProvider


def test_the_state_contains_no_token_and_no_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETLIFY_AUTH_TOKEN", "nfp_secret")
    stored = base64.b64decode(serialize_provider(NetlifySiteProvider()))
    assert b"nfp_secret" not in stored
    assert str(Path.home()).encode() not in stored
    assert b"components.netlify.site_provider" in stored


def test_the_plugin_loads_the_provider_outside_of_the_project(tmp_path: Path) -> None:
    program = "import base64, dill, sys; print(type(dill.loads(base64.b64decode(sys.argv[1]))).__name__)"
    stored = serialize_provider(RailwayDeploymentProvider())
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, stored], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "RailwayDeploymentProvider", done.stderr


def test_the_serialised_form_stays_the_same() -> None:
    assert serialize_provider(NetlifySiteProvider()) == serialize_provider(NetlifySiteProvider())
    assert isinstance(dill.loads(base64.b64decode(serialize_provider(NetlifySiteProvider()))), NetlifySiteProvider)  # noqa: S301


def test_a_changed_input_is_a_change_and_some_replace() -> None:
    provider, old = NetlifySiteProvider(), {"team": "you", "branch": "main", "default_domain": "a.netlify.app"}
    assert not provider.diff("1", old, {"team": "you", "branch": "main"}).changes
    changed = provider.diff("1", old, {"team": "you", "branch": "next"})
    assert (changed.changes, changed.replaces) == (True, [])
    assert provider.diff("1", old, {"team": "them", "branch": "main"}).replaces == ["team"]
