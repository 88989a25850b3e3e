"""The sample application and the stack agree: port, health check, command, environment, headers, lock files, image."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest

from components.ecs.service import EcsServiceArgs
from components.monitoring.business_metrics import BusinessMetric
from policies.delivery.dockerfile import RULE as DOCKERFILE_RULE
from policies.rule import Outcome
from stacks import architecture
from stacks.catalog import versions
from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from stacks.config.containers import BackendConfig
from stacks.config.reading import parse
from stacks.resources.compute import _WORKER_COMMAND  # pyright: ignore[reportPrivateUsage]  the stack's default
from tests.engine_recorder import record
from tests.policies.delivery.projects import evaluate
from tests.stacks.config.test_reading import MINIMAL_CONFIG
from tests.stacks.test_architecture import CALLS, OUTPUTS, built
from tools.app.programs import BACKEND, FRONTEND, ROOT

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/tasks:v1"
# NODE_OPTIONS is Node's own; the sidecars' variables are for libraries that the application does not use.
NOT_READ = {"NODE_OPTIONS"}

Declaration = Mapping[str, Any]


def declared() -> dict[str, Declaration]:
    rows = cast("list[Declaration]", json.loads((BACKEND / "environment.json").read_text(encoding="utf-8")))
    return {row["name"]: row for row in rows}


@cache
def containers(phase: Phase) -> Mapping[str, Declaration]:
    """Return the application's container definitions of a stack, by service."""
    tier = Tier.MEDIUM if phase is Phase.ENTERPRISE else Tier.SMALL
    dsn = "tierup:sentryDsn"
    given = {
        **MINIMAL_CONFIG,
        "tierup:phase": phase,
        "tierup:tier": tier,
        "tierup:image": IMAGE,
        dsn: "https://key@o1.ingest.sentry.io/1",
    }
    settings = parse(given, secret_keys=(dsn,), stack="prod")
    recording = record(lambda: architecture.create(settings), outputs=OUTPUTS, calls=CALLS, stack="prod")
    definitions = recording.of("aws:ecs/taskDefinition:TaskDefinition")
    found = [json.loads(each.inputs["containerDefinitions"])[0] for each in definitions]
    assert found
    return {container["name"]: container for container in found}


def variables(container: Declaration) -> dict[str, str | None]:
    """Return the container's variables; a secret's value is None."""
    plain = {each["name"]: each["value"] for each in container["environment"]}
    return {**plain, **{each["name"]: None for each in container["secrets"]}}


@pytest.mark.parametrize("phase", Phase)
def test_application_reads_every_variable_of_the_stack(phase: Phase) -> None:
    for container in containers(phase).values():
        assert variables(container).keys() - NOT_READ <= declared().keys()


@pytest.mark.parametrize("phase", Phase)
def test_stack_sets_every_variable_that_the_application_requires(phase: Phase) -> None:
    required = {name for name, row in declared().items() if row.get("required")}
    for container in containers(phase).values():
        assert required <= variables(container).keys()


@pytest.mark.parametrize("phase", Phase)
def test_secrets_of_the_application_are_secrets_of_the_stack(phase: Phase) -> None:
    secret = {name for name, row in declared().items() if row.get("secret")}
    for container in containers(phase).values():
        assert {each["name"] for each in container["secrets"]} <= secret
        assert {each["name"] for each in container["environment"]} & secret == set()


@pytest.mark.parametrize(
    ("phase", "proxies"),
    [(Phase.MVP, "1"), (Phase.OPTIMIZATION, "1"), (Phase.SCALE, "2"), (Phase.ENTERPRISE, "2")],
)
def test_application_trusts_the_proxies_of_the_phase(phase: Phase, proxies: str) -> None:
    assert variables(containers(phase)["backend"])["TRUSTED_PROXIES"] == proxies


def test_cluster_mode_is_that_of_the_phase() -> None:
    assert variables(containers(Phase.ENTERPRISE)["backend"])["REDIS_CLUSTER"] == "true"
    assert "REDIS_CLUSTER" not in variables(containers(Phase.OPTIMIZATION)["backend"])


def test_port_health_check_and_commands_are_the_stacks_defaults() -> None:
    found = containers(Phase.SCALE)
    routes = re.findall(r"app\.get\('(/[^']*)'", (BACKEND / "src" / "app.js").read_text(encoding="utf-8"))
    assert declared()["PORT"]["default"] == BackendConfig().port
    assert variables(found["backend"])["PORT"] == str(BackendConfig().port)
    assert routes == [EcsServiceArgs.__dataclass_fields__["health_check_path"].default]
    assert f"http://127.0.0.1:{BackendConfig().port}{routes[0]}" in found["backend"]["healthCheck"]["command"][-1]
    assert "command" not in found["backend"]
    assert tuple(found["worker"]["command"]) == _WORKER_COMMAND
    assert (BACKEND / _WORKER_COMMAND[-1]).is_file()


def test_application_stops_before_it_is_killed() -> None:
    limit = re.search(r"LIMIT_MS = ([\d_]+)", (BACKEND / "src" / "shutdown.js").read_text(encoding="utf-8"))
    assert limit is not None
    seconds = int(limit[1]) / 1_000
    assert declared()["DRAIN_SECONDS"]["maximum"] < seconds
    assert {seconds < container["stopTimeout"] for container in containers(Phase.SCALE).values()} == {True}


def test_business_metrics_have_the_names_that_the_alarms_read() -> None:
    text = (BACKEND / "src" / "metrics.js").read_text(encoding="utf-8")
    units = re.search(r"UNITS = \{(.*)\}", text)
    assert units is not None
    assert set(re.findall(r"(\w+):", units[1])) == {metric.value for metric in BusinessMetric}


def test_bundle_is_built_for_the_address_of_the_stack() -> None:
    outputs = built(Phase.MVP).result
    pattern = re.search(r"!/(.*)/\.test\(VITE_API_URL", (FRONTEND / "vite.config.js").read_text(encoding="utf-8"))
    assert pattern is not None
    assert re.search(pattern[1].replace(r"\/", "/"), outputs["vite_api_url"])


# --- image ---


def test_image_complies_with_the_policy_pack(tmp_path: Path) -> None:
    files = {"Dockerfile": (BACKEND / "Dockerfile").read_text(encoding="utf-8")}
    assert evaluate(DOCKERFILE_RULE, tmp_path, files).outcome is Outcome.PASS


def test_image_has_the_base_and_the_user_of_the_stack() -> None:
    text = (BACKEND / "Dockerfile").read_text(encoding="utf-8")
    (base,) = re.findall(r"^ARG NODE_IMAGE=(.*)$", text, re.MULTILINE)
    (user,) = re.findall(r"^USER (.*)$", text, re.MULTILINE)
    assert base == versions.PLACEHOLDER_IMAGE
    assert {container["user"] for container in containers(Phase.SCALE).values()} == {user}


def test_image_contains_all_that_the_processes_import() -> None:
    ignored = (BACKEND / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = re.findall(r"^COPY (?!--)(.*) \S+$", (BACKEND / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    wanted = {name for line in copied for name in line.split()}
    assert {"server.js", "worker.js", "environment.json", "src", "package-lock.json"} <= wanted
    assert {f"!{name}" for name in wanted} <= set(ignored)
    assert {name for name in wanted if not (BACKEND / name).exists()} == set()


def test_hadolint_accepts_the_dockerfile() -> None:
    hadolint = Path(sys.executable).parent / "hadolint"
    done = subprocess.run([hadolint, BACKEND / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


# --- packages ---

PM2 = ROOT / "tools/app/build/pm2"
"""The version of PM2 that the tests use; users install it globally, as the guide does."""


@pytest.mark.parametrize("folder", [BACKEND, FRONTEND, PM2], ids=lambda folder: folder.name)
def test_packages_are_pinned_and_the_lock_file_names_no_registry(folder: Path) -> None:
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    pinned = {**package.get("dependencies", {}), **package.get("devDependencies", {})}
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert pinned
    assert {name: version for name, version in pinned.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)} == {}
    assert {name for name, entry in packages.items() if "resolved" in entry} == set()
    assert {name for name, entry in packages.items() if "integrity" not in entry} == set()
    assert {name: packages[f"node_modules/{name}"]["version"] for name in pinned} == pinned


def test_every_package_of_the_guide_is_used() -> None:
    guide = {
        *("express-rate-limit", "helmet", "cors", "compression", "ioredis", "winston", "@sentry/node", "nodemon"),
        *("express-mongo-sanitize", "mongoose", "bullmq"),  # BullMQ is the successor of bull
    }
    package = json.loads((BACKEND / "package.json").read_text(encoding="utf-8"))
    assert guide <= {*package["dependencies"], *package["devDependencies"]}


def test_variables_in_the_readme_are_those_of_the_application() -> None:
    text = (ROOT / "examples" / "tasks" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$", text, re.MULTILINE)
    assert rows == [(name, default(row), row["description"]) for name, row in declared().items()]


def default(row: Declaration) -> str:
    """Return a declaration's default as the README shows it."""
    if row.get("required"):
        return "required"
    value = row.get("default")
    return "–" if value is None else f"`{json.dumps(value) if not isinstance(value, str) else value}`"
