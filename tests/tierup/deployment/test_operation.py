"""Up, preview, refresh and destroy on the real engine, as a user starts them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tierup.deployment.conftest import Bench
from tests.waiting import wait_until
from tierup.engine import find_or_install
from tierup.sandbox import running

pytestmark = pytest.mark.engine


def children_named(parent: int, name: str) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(parent).children() if child.name() == name]


def test_a_stack_lives_from_up_to_destroy(bench: Bench) -> None:
    made = bench.run("up", "--sandbox", "--json")
    assert made.code == 0, made.stderr
    document = made.document
    assert document["changes"] == {"create": 3}
    assert document["outputs"]["hidden"] == "[secret]"
    assert document["outputs"]["first"].startswith("arn:aws:sns:eu-west-1:")
    assert "hush" not in made.stdout + made.stderr
    assert {resource.name for resource in bench.standing()} == {"pair-first", "pair-second"}

    again = bench.run("preview", "--sandbox", "--json", "--expect-no-changes")
    assert (again.code, again.document["summary"]) == (0, {"same": 4})

    bench.write_program((bench.folder / "stacks" / "__main__.py").read_text().replace('"one"', '"uno"'))
    assert bench.run("preview", "--sandbox", "--expect-no-changes").code == 7
    changed = bench.run("up", "--sandbox")
    assert changed.code == 0
    assert "~ pair-first" in changed.stdout
    assert "displayName" in changed.stdout
    assert "hush" not in changed.stdout

    assert bench.run("refresh", "--sandbox", "--expect-no-changes").code == 0
    gone = bench.run("destroy", "--sandbox")
    assert (gone.code, bench.standing()) == (0, [])


def test_nothing_of_the_users_is_written_and_no_key_of_his_is_needed(bench: Bench) -> None:
    settings = bench.folder / "Pulumi.prod.yaml"
    text = (
        "secretsprovider: awskms://alias/users-own?region=eu-west-1\nencryptedkey: AQICAHi\n"
        "config:\n  aws:region: eu-west-1\n  trial:sentryDsn:\n    secure: v1:aaaaaaaa:bbbb\n"
    )
    settings.write_text(text)
    bench.write_program(
        "import pulumi\n"
        "config = pulumi.Config('trial')\n"
        "assert pulumi.runtime.is_config_secret('trial:sentryDsn')\n"
        "pulumi.export('dsn', config.require_secret('sentryDsn'))\n"
    )
    before = {path.name for path in bench.folder.iterdir()} | {".tierup"}
    ran = bench.run("up", "--sandbox", "--stack", "prod", "--json")
    assert ran.code == 0, ran.stderr
    assert ran.document["outputs"] == {"dsn": "[secret]"}
    assert settings.read_text() == text
    assert {path.name for path in bench.folder.iterdir()} == before


def test_a_plain_pulumi_up_meets_the_same_state(bench: Bench) -> None:
    shell = bench.run("sandbox", "env")
    assert shell.code == 0, shell.stderr
    engine = find_or_install().path
    plain = subprocess.run(
        ["bash", "-c", f'eval "$ENVIRONMENT"; {engine} up -s dev --yes --skip-preview --non-interactive'],
        cwd=bench.folder,
        env={**bench.environment, "ENVIRONMENT": shell.stdout},
        capture_output=True,
        text=True,
        check=False,
    )
    assert plain.returncode == 0, plain.stdout + plain.stderr
    ours = bench.run("preview", "--sandbox", "--json", "--expect-no-changes")
    assert (ours.code, ours.document["summary"]) == (0, {"same": 4})


def test_the_settings_message_of_a_program_comes_through_and_exits_with_2(bench: Bench) -> None:
    bench.write_program("import pulumi\nraise pulumi.RunError('tierup:tier is huge. Allowed: small, medium, large.')\n")
    ran = bench.run("up", "--sandbox")
    assert ran.code == 2
    assert "tierup:tier is huge. Allowed: small, medium, large." in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr


def test_an_exception_of_a_program_is_its_text_and_place(bench: Bench) -> None:
    bench.write_program("def f():\n    raise ValueError('cpu is 3, allowed are 256 and 512')\n\nf()\n")
    ran = bench.run("up", "--sandbox")
    assert ran.code == 1
    assert "ValueError: cpu is 3, allowed are 256 and 512" in ran.stdout
    assert "__main__.py" in ran.stdout
    assert "Traceback" not in ran.stdout
    assert "Traceback" in bench.run("up", "--sandbox", "--traceback").stdout


def test_what_a_program_prints_does_not_mix_with_json(bench: Bench) -> None:
    bench.write_program("print('hello from the program')\n")
    ran = bench.run("up", "--sandbox", "--json")
    assert ran.document["diagnostics"] == [{"severity": "info", "urn": None, "message": "hello from the program"}]


def test_a_refused_input_names_the_resource_and_the_property(bench: Bench) -> None:
    bench.write_program((bench.folder / "stacks" / "__main__.py").read_text().replace("displayName", "displayNmae"))
    ran = bench.run("up", "--sandbox")
    assert ran.code == 1
    assert "pair-first (aws:sns/topic:Topic)" in ran.stdout
    assert "displayNmae" in ran.stdout


def test_a_broken_rule_stops_it_with_3_and_names_rule_resource_and_remedy(bench: Bench) -> None:
    pack = bench.folder / "policies"
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
    ran = bench.run("up", "--sandbox")
    assert ran.code == 3, ran.stdout + ran.stderr
    assert "policy SNS-001 pair-first (aws:sns/topic:Topic), mandatory" in ran.stdout
    assert "Set kmsMasterKeyId." in ran.stdout
    assert bench.standing() == []
    assert bench.run("preview", "--sandbox", "--json").document["policies"][0]["policy"] == "SNS-001"
    assert bench.run("up", "--sandbox", "--no-policies").code == 0


def test_a_killed_engine_loses_nothing_and_doubles_nothing(bench: Bench) -> None:
    assert bench.run("sandbox", "start").code == 0
    bench.fault(operation="create", kind="slow", name="pair-first", seconds=3.0)
    process = bench.start("up", "--sandbox")
    wait_until(bench.struck, seconds=60)
    assert pending_in(bench)
    os.kill(children_named(process.pid, "pulumi")[0], signal.SIGKILL)
    process.communicate(timeout=30)
    assert process.returncode != 0
    wait_until(lambda: any(resource.name == "pair-first" for resource in bench.standing()), seconds=60)

    again = bench.run("up", "--sandbox", "--json")
    assert again.code == 0, again.stderr
    assert any("stale lock of an earlier run" in notice for notice in again.document["notices"])
    assert any("Adopted pair-first" in notice for notice in again.document["notices"])
    assert sorted(resource.name for resource in bench.standing()) == ["pair-first", "pair-second"]
    assert bench.run("preview", "--sandbox", "--expect-no-changes").code == 0
    assert bench.run("destroy", "--sandbox").code == 0
    assert bench.standing() == []


def test_a_create_whose_answer_was_lost_is_taken_over(bench: Bench) -> None:
    assert bench.run("sandbox", "start").code == 0
    bench.fault(operation="create", kind="lost", name="pair-first")
    assert bench.run("up", "--sandbox").code == 1
    first = [resource.id for resource in bench.standing()]
    assert len(first) == 1
    again = bench.run("up", "--sandbox", "--json")
    assert again.code == 0, again.stderr
    assert again.document["outputs"]["first"] == first[0]
    assert len(bench.standing()) == 2
    assert bench.run("preview", "--sandbox", "--expect-no-changes").code == 0


def test_a_killed_sandbox_is_started_again_and_nothing_is_doubled(bench: Bench) -> None:
    assert bench.run("sandbox", "start").code == 0
    bench.fault(operation="create", kind="slow", name="pair-second", seconds=3.0)
    process = bench.start("up", "--sandbox")
    wait_until(bench.struck, seconds=60)
    found = running(bench.home)
    assert found is not None
    os.kill(found.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert process.returncode != 0
    again = bench.run("up", "--sandbox")
    assert again.code == 0, again.stdout + again.stderr
    assert sorted(resource.name for resource in bench.standing()) == ["pair-first", "pair-second"]
    assert bench.run("preview", "--sandbox", "--expect-no-changes").code == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_with_a_sentence_and_130(bench: Bench, number: signal.Signals) -> None:
    assert bench.run("sandbox", "start").code == 0
    bench.fault(operation="create", kind="slow", name="pair-first", seconds=2.0)
    process = bench.start("up", "--sandbox")
    wait_until(bench.struck, seconds=60)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, out + err
    assert "Interrupted." in out
    assert "Traceback" not in out + err
    assert not pending_in(bench)
    assert not lock_of(bench)
    assert bench.run("up", "--sandbox").code == 0
    assert len(bench.standing()) == 2


def test_two_at_once_do_not_work_on_one_stack(bench: Bench) -> None:
    assert bench.run("sandbox", "start").code == 0
    bench.fault(operation="create", kind="slow", name="pair-first", seconds=10.0)
    process = bench.start("up", "--sandbox")
    wait_until(bench.struck, seconds=60)
    second = bench.run("up", "--sandbox")
    assert second.code == 6
    assert f"process {process.pid}" in second.stderr
    third = bench.run("up", "--sandbox", "--wait", "60")
    process.communicate(timeout=30)
    assert (process.returncode, third.code) == (0, 0)
    assert len(bench.standing()) == 2


def pending_in(bench: Bench) -> bool:
    path = bench.state / ".pulumi" / "stacks" / "trial" / "dev.json"
    try:
        latest = json.loads(path.read_text())["checkpoint"].get("latest") or {}
    except (OSError, ValueError):
        return False
    return bool(latest.get("pending_operations"))


def lock_of(bench: Bench) -> list[Path]:
    return sorted((bench.state / ".pulumi" / "locks").rglob("*.json"))


def test_a_protected_resource_stops_a_destroy_before_anything_is_deleted(bench: Bench) -> None:
    bench.write_program(
        """
        import pulumi


        class Topic(pulumi.CustomResource):
            def __init__(self, name, opts=None):
                super().__init__("aws:sns/topic:Topic", name, {"arn": None}, opts)


        Topic("kept", pulumi.ResourceOptions(protect=True))
        Topic("loose")
        """
    )
    assert bench.run("up", "--sandbox").code == 0
    refused = bench.run("destroy", "--sandbox", "--json")
    assert refused.code == 1
    assert "protect" in str(refused.document["diagnostics"])
    assert sorted(resource.name for resource in bench.standing()) == ["kept", "loose"]


def test_a_programs_own_namespace_package_wins_over_tierups_folder_of_the_same_name(bench: Bench) -> None:
    """tierup's checkout has packages `components`, `policies` and `stacks`; a folder without __init__ must be used."""
    for name in ("components", "policies", "stacks"):
        (bench.folder / "stacks" / name).mkdir()
        (bench.folder / "stacks" / name / "own.py").write_text(f"NAME = {name!r}\n")
    bench.write_program(
        "import pulumi\n"
        "from components import own as first\n"
        "from policies import own as second\n"
        "from stacks import own as third\n"
        "pulumi.export('names', [first.NAME, second.NAME, third.NAME])\n"
    )
    ran = bench.run("up", "--sandbox", "--json")
    assert ran.code == 0, ran.stdout + ran.stderr
    assert ran.document["outputs"]["names"] == ["components", "policies", "stacks"]
    checked = bench.run("check", "--sandbox", "--json", "--fail-on", "never")
    assert checked.code == 0, checked.stdout + checked.stderr


def test_a_dynamic_provider_creates_and_deletes_its_resource(bench: Bench) -> None:
    bench.write_program(
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
    created = bench.run("up", "--sandbox", "--json")
    assert created.code == 0, created.stdout + created.stderr
    assert created.document["outputs"]["value"] == 42
    assert bench.run("preview", "--sandbox", "--expect-no-changes").code == 0
    assert bench.run("destroy", "--sandbox", "--json").document["changes"] == {"delete": 1}
