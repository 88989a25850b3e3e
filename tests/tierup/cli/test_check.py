"""`tierup check` on saved states: options, files, formats and exit codes, with the real rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from policies.registry import RULES
from tests.tierup.check.builders import GOOD, LISTENER, OLD_TLS, State, make_project
from tierup.check import pack
from tierup.cli.app import app

runner = CliRunner()
BAD, CLEAN = State({"https": OLD_TLS}), State({"https": GOOD})
Check = Callable[..., Result]


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """Return a function that runs the command in a project's folder, on its files."""
    make_project(tmp_path)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        return runner.invoke(app, ["check", *arguments], env={"COLUMNS": "160"})

    return run


def only(*rules: str) -> list[str]:
    return [part for rule in rules for part in ("--rule", rule)]


TLS_ONLY = only("ALB-002")


def document(result: Result) -> dict[str, Any]:
    return json.loads(result.stdout)


def test_a_compliant_state_passes_and_a_violation_fails_with_its_line(check: Check) -> None:
    CLEAN.write(Path("clean.json"))
    BAD.write(Path("bad.json"))
    assert check("clean.json", *TLS_ONLY).exit_code == 0
    result = check("bad.json", *TLS_ONLY)
    assert result.exit_code == 3
    assert f"{LISTENER} https components/balancer.py:7" in result.stdout
    assert "1 mandatory policy violated: load-balancer-tls-version." in result.stdout
    assert result.stderr == ""


def test_all_rules_run_unless_some_are_chosen(check: Check) -> None:
    BAD.write(Path("bad.json"))
    evaluated = {each["rule"] for each in document(check("bad.json", "--json"))["sections"][0]["report"]["results"]}
    assert evaluated >= {rule.id for rule in RULES}
    (only_one,) = document(check("bad.json", "--json", *TLS_ONLY))["checklist"]
    assert only_one["rules"] == ["ALB-002"]


@pytest.mark.parametrize("kind", ["export", "checkpoint", "preview"])
def test_every_kind_of_document_gives_the_same_report(kind: str, check: Check) -> None:
    deployment = BAD.document()["deployment"]
    documents = {
        "export": {"version": 3, "deployment": deployment},
        "checkpoint": {"version": 3, "checkpoint": {"stack": "dev", "latest": deployment}},
        "preview": {"steps": [{"op": "create", "newState": each} for each in deployment["resources"]]},
    }
    Path("saved.json").write_text(json.dumps(documents[kind]))
    result = check("saved.json", "--json", *TLS_ONLY)
    assert result.exit_code == 3
    (finding,) = document(result)["sections"][0]["findings"]
    assert (finding["resource"], finding["path"]) == ("https", "sslPolicy")


def test_a_folder_gives_one_report_of_its_files(check: Check) -> None:
    Path("saved").mkdir()
    BAD.write(Path("saved/a.json"))
    State({"https": GOOD}, stack="prod").write(Path("saved/b.json"))
    Path("saved/notes.txt").write_text("not evaluated")
    result = check("saved", "--json", *TLS_ONLY)
    sections = document(result)["sections"]
    assert [(each["source"], each["report"]["stack"], each["fail"]) for each in sections] == [
        ("saved/a.json", "dev", 1),
        ("saved/b.json", "prod", 0),
    ]
    assert document(result)["checklist"][0]["pass"] == 1
    assert result.exit_code == 3


@pytest.mark.parametrize("text", ["", "[1]", '{"a": 1}', '{"steps": 1}'])
def test_a_file_without_a_stack_is_rejected_by_name(text: str, check: Check) -> None:
    Path("invalid.json").write_text(text)
    result = check("invalid.json")
    assert result.exit_code == 2
    assert result.stderr.startswith("invalid.json")
    assert "Traceback" not in result.stderr


def test_a_missing_file_or_an_empty_folder_is_rejected(check: Check) -> None:
    Path("empty").mkdir()
    assert "no such file (got missing.json)" in check("missing.json").stderr
    assert "no *.json files in the folder (got empty)" in check("empty").stderr
    assert check("empty").exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rule", "ALB-02"], "ALB-002"),
        (["--format", "sarf"], "sarif"),
        (["--fail-on", "everything"], "advisory"),
        (["--json", "--format", "sarif"], "not allowed with another format"),
        (["--output", "report.pdf"], "--format"),
        (["--config", "none.json"], "none.json"),
        (["--baseline", "none.json"], "--write-baseline"),
    ],
)
def test_a_wrong_option_exits_with_2_and_a_message(arguments: list[str], message: str, check: Check) -> None:
    CLEAN.write(Path("clean.json"))
    result = check("clean.json", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_an_error_is_a_document_with_json(check: Check) -> None:
    assert document(check("missing.json", "--format", "json"))["exit_code"] == 2


def test_a_policy_config_file_sets_levels_and_parameters_and_is_checked(check: Check) -> None:
    BAD.write(Path("bad.json"))
    config = Path("config.json")
    config.write_text('{"all": "advisory"}')
    assert check("bad.json", "--config", "config.json", *TLS_ONLY).exit_code == 0
    config.write_text('{"load-balancer-tls-version": {"minimumTls": "1.3"}}')
    CLEAN.write(Path("clean.json"))
    assert "TLS 1.3" in check("clean.json", "--config", "config.json", *TLS_ONLY).stdout
    config.write_text('{"load-balancer-tls-versoin": "advisory"}')
    rejected = check("bad.json", "--config", "config.json")
    assert rejected.exit_code == 2
    assert "load-balancer-tls-version" in rejected.stderr


def test_the_stacks_configuration_applies_to_its_saved_state(check: Check) -> None:
    BAD.write(Path("bad.json"))
    Path("Pulumi.dev.yaml").write_text("config:\n  policies:level: advisory\n")
    assert check("bad.json", *TLS_ONLY).exit_code == 0
    Path("Pulumi.dev.yaml").write_text("config:\n  policies:rules:\n    ALB-002: advisory\n")
    assert check("bad.json", *TLS_ONLY).exit_code == 0
    Path("Pulumi.dev.yaml").write_text("config:\n  policies:rules:\n    ALB-002: sometimes\n")
    rejected = check("bad.json", *TLS_ONLY)
    assert rejected.exit_code == 2
    assert "Pulumi.dev.yaml" in rejected.stderr


def test_another_projects_state_is_evaluated_without_this_projects_files(check: Check) -> None:
    Path("bad.json").write_text(json.dumps(BAD.document()).replace("::trial::", "::other::"))
    Path("Pulumi.dev.yaml").write_text("config:\n  policies:level: advisory\n")
    result = check("bad.json", "--json", *TLS_ONLY)
    assert result.exit_code == 3
    assert document(result)["sections"][0]["findings"][0]["places"] == []


def test_a_projects_exceptions_apply_to_it_alone(check: Check) -> None:
    BAD.write(Path("bad.json"))
    Path("other.json").write_text(json.dumps(BAD.document()).replace("::trial::", "::other::"))
    Path("policies").mkdir()
    entry = {
        "rule": "ALB-002",
        "resource": f"{LISTENER}::https",
        "reason": "The old agents speak no newer TLS until March.",
        "expires": datetime.now(UTC).date() + timedelta(days=30),
        "owner": "platform@example.com",
    }
    Path("policies/exceptions.yaml").write_text(yaml.safe_dump({"exceptions": [entry]}))
    own = check("bad.json", "--json", *TLS_ONLY)
    assert own.exit_code == 0
    assert document(own)["sections"][0]["suppressed"] == 1
    assert check("other.json", *TLS_ONLY).exit_code == 3


def test_the_packs_exceptions_do_not_apply_to_a_project_without_a_pack(
    check: Check, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("pack")
    (folder / "exceptions.yaml").write_text("exceptions: what was reviewed for another program")
    monkeypatch.setattr(pack, "POLICY_PACK", folder)
    BAD.write(Path("bad.json"))
    assert check("bad.json", *TLS_ONLY).exit_code == 3


def test_a_saved_state_can_be_evaluated_outside_a_project(
    check: Check, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("nowhere"))
    BAD.write(Path("bad.json"))
    assert check("bad.json", *TLS_ONLY).exit_code == 3
    assert check("bad.json", *TLS_ONLY, "--cwd", ".").exit_code == 2, "a project that is named must be there"
    assert check().exit_code == 2, "a preview needs a project"


def test_a_new_baseline_accepts_todays_findings_and_fails_on_new_ones(check: Check) -> None:
    BAD.write(Path("bad.json"))
    assert check("bad.json", *TLS_ONLY, "--write-baseline", "baseline.json").exit_code == 0
    assert check("bad.json", *TLS_ONLY, "--baseline", "baseline.json").exit_code == 0
    State({"https": OLD_TLS, "second": OLD_TLS}).write(Path("more.json"))
    result = check("more.json", *TLS_ONLY, "--baseline", "baseline.json", "--json")
    assert result.exit_code == 3
    failing = [each["resource"] for each in document(result)["sections"][0]["findings"] if each["fails"]]
    assert failing == ["second"]


def test_fail_on_decides_the_exit_code(check: Check) -> None:
    BAD.write(Path("bad.json"))
    Path("config.json").write_text('{"all": "advisory"}')
    assert check("bad.json", *TLS_ONLY, "--fail-on", "never").exit_code == 0
    assert check("bad.json", *TLS_ONLY, "--config", "config.json", "--fail-on", "advisory").exit_code == 3


def test_files_have_the_format_of_their_suffix_and_stdout_the_table(check: Check) -> None:
    BAD.write(Path("bad.json"))
    endings = ("sarif", "xml", "md", "json", "txt")
    result = check("bad.json", *TLS_ONLY, *(part for end in endings for part in ("--output", f"report.{end}")))
    assert "checklist" in result.stdout
    assert json.loads(Path("report.sarif").read_text())["version"] == "2.1.0"
    assert "<testsuites" in Path("report.xml").read_text()
    assert Path("report.md").read_text().startswith("## ❌")
    assert json.loads(Path("report.json").read_text())["exit_code"] == 3
    assert "checklist" in Path("report.txt").read_text()


def test_format_applies_to_the_file_and_stdout_is_empty(check: Check) -> None:
    BAD.write(Path("bad.json"))
    result = check("bad.json", *TLS_ONLY, "--format", "markdown", "--output", "comment")
    assert Path("comment").read_text().startswith("## ❌")
    assert result.stdout == ""
    assert "1 mandatory policy violated" in result.stderr
    assert result.exit_code == 3


@pytest.mark.parametrize(("format_", "begins"), [("sarif", "{"), ("junit", "<?xml"), ("markdown", "##"), ("json", "{")])
def test_a_format_without_an_output_is_written_to_stdout(format_: str, begins: str, check: Check) -> None:
    CLEAN.write(Path("clean.json"))
    result = check("clean.json", *TLS_ONLY, "--format", format_)
    assert result.stdout.startswith(begins)
    assert result.exit_code == 0


def test_no_format_contains_a_secret_of_the_state(check: Check) -> None:
    key = "4dabf18193072939515e22adb298388d"
    secret = {key: "1b47061264138c4ac30d75fd1eb44270", "plaintext": json.dumps("top-secret-value")}
    State({"https": {**OLD_TLS, "certificateArn": secret, "sslPolicy": secret}}).write(Path("bad.json"))
    reports = [f"report.{suffix}" for suffix in ("sarif", "xml", "md", "json", "txt")]
    check("bad.json", *(option for report in reports for option in ("-o", report)))
    written = {report: Path(report).read_text() for report in reports}
    assert [report for report, text in written.items() if "top-secret-value" in text] == []
    assert [report for report, text in written.items() if "ALB-002" not in text] == [], "the rule has failed on it"


@pytest.mark.parametrize(
    ("closed", "opens"),
    [
        (
            {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x:y"},
            "pulumi stack export --show-secrets",
        ),
        ("[secret]", "pulumi preview --json --show-secrets"),
    ],
)
def test_an_encrypted_secret_is_reported_with_the_command_that_decrypts_it(
    closed: object, opens: str, check: Check
) -> None:
    State({"https": {**GOOD, "sslPolicy": closed}}).write(Path("closed.json"))
    result = check("closed.json", "--json", *TLS_ONLY)
    (result,) = document(result)["sections"][0]["report"]["results"]
    assert result["outcome"] == "unknown"
    assert result["reason"].startswith("sslPolicy is a secret")
    assert f"`{opens}`" in result["reason"]
    assert opens in check("closed.json", *TLS_ONLY).stdout.replace("\n", " ")
