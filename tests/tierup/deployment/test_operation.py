"""Up, preview, refresh and destroy on the real engine, as a user starts them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tierup.deployment.conftest import SandboxProject
from tests.waiting import paused_engine, wait_until
from tierup.deployment.checkpoint import checkpoint_path
from tierup.deployment.sandbox_backend import state_folder
from tierup.engine import find_or_install
from tierup.sandbox import running

pytestmark = pytest.mark.engine


def children_named(parent: int, name: str) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(parent).children() if child.name() == name]


def test_a_stack_is_created_previewed_refreshed_and_destroyed(sandbox_project: SandboxProject) -> None:
    made = sandbox_project.run("up", "--sandbox", "--json")
    assert made.code == 0, made.stderr
    document = made.document
    assert document["changes"] == {"create": 3}
    assert document["outputs"]["hidden"] == "[secret]"
    assert document["outputs"]["first"].startswith("arn:aws:sns:eu-west-1:")
    assert "secret-value" not in made.stdout + made.stderr
    assert {resource.name for resource in sandbox_project.resources()} == {"pair-first", "pair-second"}
    # A program that reads outputs while the engine writes such a file fails.
    state = state_folder(sandbox_project.home)
    assert checkpoint_path(state, "trial", "dev").is_file()
    assert list(state.rglob("*.attrs")) == []

    again = sandbox_project.run("preview", "--sandbox", "--json", "--expect-no-changes")
    assert (again.code, again.document["summary"]) == (0, {"same": 4})

    sandbox_project.write_program(
        (sandbox_project.folder / "stacks" / "__main__.py").read_text().replace('"one"', '"uno"')
    )
    assert sandbox_project.run("preview", "--sandbox", "--expect-no-changes").code == 7
    changed = sandbox_project.run("up", "--sandbox")
    assert changed.code == 0
    assert "~ pair-first" in changed.stdout
    assert "displayName" in changed.stdout
    assert "secret-value" not in changed.stdout

    assert sandbox_project.run("refresh", "--sandbox", "--expect-no-changes").code == 0
    destroyed = sandbox_project.run("destroy", "--sandbox")
    assert (destroyed.code, sandbox_project.resources()) == (0, [])


def test_the_users_files_are_not_written_and_no_key_is_needed(sandbox_project: SandboxProject) -> None:
    settings = sandbox_project.folder / "Pulumi.prod.yaml"
    text = (
        "secretsprovider: awskms://alias/users-own?region=eu-west-1\nencryptedkey: AQICAHi\n"
        "config:\n  aws:region: eu-west-1\n  trial:sentryDsn:\n    secure: v1:aaaaaaaa:bbbb\n"
    )
    settings.write_text(text)
    sandbox_project.write_program(
        "import pulumi\n"
        "config = pulumi.Config('trial')\n"
        "assert pulumi.runtime.is_config_secret('trial:sentryDsn')\n"
        "pulumi.export('dsn', config.require_secret('sentryDsn'))\n"
    )
    before = {path.name for path in sandbox_project.folder.iterdir()} | {".tierup"}
    ran = sandbox_project.run("up", "--sandbox", "--stack", "prod", "--json")
    assert ran.code == 0, ran.stderr
    assert ran.document["outputs"] == {"dsn": "[secret]"}
    assert settings.read_text() == text
    assert {path.name for path in sandbox_project.folder.iterdir()} == before


def test_plain_pulumi_uses_the_same_state(sandbox_project: SandboxProject) -> None:
    shell = sandbox_project.run("sandbox", "env")
    assert shell.code == 0, shell.stderr
    engine = find_or_install().path
    plain = subprocess.run(
        ["bash", "-c", f'eval "$ENVIRONMENT"; {engine} up -s dev --yes --skip-preview --non-interactive'],
        cwd=sandbox_project.folder,
        env={**sandbox_project.environment, "ENVIRONMENT": shell.stdout},
        capture_output=True,
        text=True,
        check=False,
    )
    assert plain.returncode == 0, plain.stdout + plain.stderr
    own_preview = sandbox_project.run("preview", "--sandbox", "--json", "--expect-no-changes")
    assert (own_preview.code, own_preview.document["summary"]) == (0, {"same": 4})


def test_a_programs_settings_error_is_shown_and_exits_with_2(sandbox_project: SandboxProject) -> None:
    sandbox_project.write_program(
        "import pulumi\nraise pulumi.RunError('tierup:tier is huge. Allowed: small, medium, large.')\n"
    )
    ran = sandbox_project.run("up", "--sandbox")
    assert ran.code == 2
    assert "tierup:tier is huge. Allowed: small, medium, large." in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr


def test_a_programs_exception_is_shown_as_its_text_and_line(sandbox_project: SandboxProject) -> None:
    sandbox_project.write_program("def f():\n    raise ValueError('cpu is 3, allowed are 256 and 512')\n\nf()\n")
    ran = sandbox_project.run("up", "--sandbox")
    assert ran.code == 1
    assert "ValueError: cpu is 3, allowed are 256 and 512" in ran.stdout
    assert "__main__.py" in ran.stdout
    assert "Traceback" not in ran.stdout
    assert "Traceback" in sandbox_project.run("up", "--sandbox", "--traceback").stdout


def test_a_programs_output_is_not_in_the_json(sandbox_project: SandboxProject) -> None:
    sandbox_project.write_program("print('hello from the program')\n")
    ran = sandbox_project.run("up", "--sandbox", "--json")
    assert ran.document["diagnostics"] == [{"severity": "info", "urn": None, "message": "hello from the program"}]


def test_a_rejected_input_names_resource_and_property(sandbox_project: SandboxProject) -> None:
    sandbox_project.write_program(
        (sandbox_project.folder / "stacks" / "__main__.py").read_text().replace("displayName", "displayNmae")
    )
    ran = sandbox_project.run("up", "--sandbox")
    assert ran.code == 1
    assert "pair-first (aws:sns/topic:Topic)" in ran.stdout
    assert "displayNmae" in ran.stdout


def test_a_policy_violation_exits_with_3_and_names_rule_resource_and_remediation(
    sandbox_project: SandboxProject,
) -> None:
    pack = sandbox_project.folder / "policies"
    pack.mkdir()
    virtualenv = json.dumps({"runtime": {"name": "python", "options": {"virtualenv": sys.prefix}}})
    (pack / "PulumiPolicy.yaml").write_text(virtualenv)
    (pack / "__main__.py").write_text(
        "from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy\n"
        "def check(args, report):\n"
        "    if args.resource_type == 'aws:sns/topic:Topic' and not args.props.get('kmsMasterKeyId'):\n"
        "        report('no key encrypts it. Set kmsMasterKeyId.')\n"
        "PolicyPack('trial', [ResourceValidationPolicy('SNS-001', 'Topics are encrypted.', check)],\n"
        "           enforcement_level=EnforcementLevel.MANDATORY)\n"
    )
    ran = sandbox_project.run("up", "--sandbox")
    assert ran.code == 3, ran.stdout + ran.stderr
    assert "policy SNS-001 pair-first (aws:sns/topic:Topic), mandatory" in ran.stdout
    assert "Set kmsMasterKeyId." in ran.stdout
    assert sandbox_project.resources() == []
    assert sandbox_project.run("preview", "--sandbox", "--json").document["policies"][0]["policy"] == "SNS-001"
    assert sandbox_project.run("up", "--sandbox", "--no-policies").code == 0


def test_after_a_killed_engine_no_resource_is_lost_or_created_twice(sandbox_project: SandboxProject) -> None:
    assert sandbox_project.run("sandbox", "start").code == 0
    sandbox_project.fault(operation="create", kind="slow", name="pair-first", seconds=3.0)
    process = sandbox_project.start("up", "--sandbox")
    wait_until(sandbox_project.faults_triggered, seconds=240)
    assert pending_in(sandbox_project)
    os.kill(children_named(process.pid, "pulumi")[0], signal.SIGKILL)
    process.communicate(timeout=240)
    assert process.returncode != 0
    wait_until(lambda: any(resource.name == "pair-first" for resource in sandbox_project.resources()), seconds=240)

    again = sandbox_project.run("up", "--sandbox", "--json")
    assert again.code == 0, again.stderr
    assert any("stale lock of an earlier run" in notice for notice in again.document["notices"])
    assert any("Adopted pair-first" in notice for notice in again.document["notices"])
    assert sorted(resource.name for resource in sandbox_project.resources()) == ["pair-first", "pair-second"]
    assert sandbox_project.run("preview", "--sandbox", "--expect-no-changes").code == 0
    assert sandbox_project.run("destroy", "--sandbox").code == 0
    assert sandbox_project.resources() == []


def test_a_create_with_a_lost_response_is_adopted(sandbox_project: SandboxProject) -> None:
    assert sandbox_project.run("sandbox", "start").code == 0
    sandbox_project.fault(operation="create", kind="lost", name="pair-first")
    assert sandbox_project.run("up", "--sandbox").code == 1
    first = [resource.id for resource in sandbox_project.resources()]
    assert len(first) == 1
    again = sandbox_project.run("up", "--sandbox", "--json")
    assert again.code == 0, again.stderr
    assert again.document["outputs"]["first"] == first[0]
    assert len(sandbox_project.resources()) == 2
    assert sandbox_project.run("preview", "--sandbox", "--expect-no-changes").code == 0


def test_after_a_killed_sandbox_no_resource_is_created_twice(sandbox_project: SandboxProject) -> None:
    assert sandbox_project.run("sandbox", "start").code == 0
    sandbox_project.fault(operation="create", kind="slow", name="pair-second", seconds=3.0)
    process = sandbox_project.start("up", "--sandbox")
    wait_until(sandbox_project.faults_triggered, seconds=240)
    found = running(sandbox_project.home)
    assert found is not None
    os.kill(found.pid, signal.SIGKILL)
    process.communicate(timeout=240)
    assert process.returncode != 0
    again = sandbox_project.run("up", "--sandbox")
    assert again.code == 0, again.stdout + again.stderr
    assert sorted(resource.name for resource in sandbox_project.resources()) == ["pair-first", "pair-second"]
    assert sandbox_project.run("preview", "--sandbox", "--expect-no-changes").code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_interrupts_with_a_message_and_exits_with_130(
    sandbox_project: SandboxProject, number: signal.Signals
) -> None:
    assert sandbox_project.run("sandbox", "start").code == 0
    sandbox_project.fault(operation="create", kind="slow", name="pair-first", seconds=2.0)
    process = sandbox_project.start("up", "--sandbox")
    wait_until(sandbox_project.faults_triggered, seconds=240)
    process.send_signal(number)
    out, err = process.communicate(timeout=240)
    assert process.returncode == 130, out + err
    assert "Interrupted." in out
    assert "Traceback" not in out + err
    assert not pending_in(sandbox_project)
    assert not lock_of(sandbox_project)
    assert sandbox_project.run("up", "--sandbox").code == 0
    assert len(sandbox_project.resources()) == 2


def test_a_second_command_on_a_stack_is_rejected_or_waits(sandbox_project: SandboxProject) -> None:
    assert sandbox_project.run("sandbox", "start").code == 0
    sandbox_project.fault(operation="create", kind="slow", name="pair-first", seconds=3.0)
    process = sandbox_project.start("up", "--sandbox")
    wait_until(sandbox_project.faults_triggered, seconds=240)
    with paused_engine(process.pid):
        second = sandbox_project.run("up", "--sandbox")
        assert second.code == 6
        assert f"process {process.pid}" in second.stderr
        third = sandbox_project.start("up", "--sandbox", "--wait", "240")
    process.communicate(timeout=240)
    third.communicate(timeout=240)
    assert (process.returncode, third.returncode) == (0, 0)
    assert len(sandbox_project.resources()) == 2


def pending_in(sandbox_project: SandboxProject) -> bool:
    path = sandbox_project.state / ".pulumi" / "stacks" / "trial" / "dev.json"
    try:
        latest = json.loads(path.read_text())["checkpoint"].get("latest") or {}
    except (OSError, ValueError):
        return False
    return bool(latest.get("pending_operations"))


def lock_of(sandbox_project: SandboxProject) -> list[Path]:
    return sorted((sandbox_project.state / ".pulumi" / "locks").rglob("*.json"))


def test_a_protected_resource_stops_a_destroy_before_anything_is_deleted(sandbox_project: SandboxProject) -> None:
    sandbox_project.write_program(
        """
        import pulumi


        class Topic(pulumi.CustomResource):
            def __init__(self, name, opts=None):
                super().__init__("aws:sns/topic:Topic", name, {"arn": None}, opts)


        Topic("kept", pulumi.ResourceOptions(protect=True))
        Topic("loose")
        """
    )
    assert sandbox_project.run("up", "--sandbox").code == 0
    rejected = sandbox_project.run("destroy", "--sandbox", "--json")
    assert rejected.code == 1
    assert "protect" in str(rejected.document["diagnostics"])
    assert sorted(resource.name for resource in sandbox_project.resources()) == ["kept", "loose"]


def test_a_programs_own_namespace_package_is_preferred_to_tierups_folder_of_the_same_name(
    sandbox_project: SandboxProject,
) -> None:
    """A folder without __init__ wins over the packages of tierup's checkout."""
    for name in ("components", "policies", "stacks"):
        (sandbox_project.folder / "stacks" / name).mkdir()
        (sandbox_project.folder / "stacks" / name / "own.py").write_text(f"NAME = {name!r}\n")
    sandbox_project.write_program(
        "import pulumi\n"
        "from components import own as first\n"
        "from policies import own as second\n"
        "from stacks import own as third\n"
        "pulumi.export('names', [first.NAME, second.NAME, third.NAME])\n"
    )
    ran = sandbox_project.run("up", "--sandbox", "--json")
    assert ran.code == 0, ran.stdout + ran.stderr
    assert ran.document["outputs"]["names"] == ["components", "policies", "stacks"]
    checked = sandbox_project.run("check", "--sandbox", "--json", "--fail-on", "never")
    assert checked.code == 0, checked.stdout + checked.stderr


def test_a_dynamic_provider_creates_and_deletes_its_resource(sandbox_project: SandboxProject) -> None:
    """The language host serves dynamic providers."""
    sandbox_project.write_program(
        """
        import pulumi
        from pulumi.dynamic import CreateResult, Resource, ResourceProvider


        class Adder(ResourceProvider):
            def create(self, props):
                return CreateResult(id_="sum", outs={"value": props["value"] + 1})


        class Sum(Resource):
            value: pulumi.Output[int]

            def __init__(self, name, value):
                super().__init__(Adder(), name, {"value": value})


        pulumi.export("value", Sum("sum", 41).value)
        """
    )
    created = sandbox_project.run("up", "--sandbox", "--json")
    assert created.code == 0, created.stdout + created.stderr
    assert created.document["outputs"]["value"] == 42
    assert sandbox_project.run("preview", "--sandbox", "--expect-no-changes").code == 0
    assert sandbox_project.run("destroy", "--sandbox", "--json").document["changes"] == {"delete": 1}
