from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from policies.config import PolicyConfig
from policies.evaluator import Evaluator, evaluate
from policies.exceptions import Exceptions, ExceptionsError, file_of, load, of_project, resource_key, stack_of
from policies.registry import RULES
from policies.report import Result
from policies.rule import Finding, Indeterminate, Outcome, ProjectFiles, ProjectRule

TODAY = date(2026, 11, 24)
URN = "urn:pulumi:dev::app::tierup:aws:LoadBalancer$aws:lb/listener:Listener::http"
GOOD: dict[str, object] = {
    "rule": "ALB-001",
    "resource": "aws:lb/listener:Listener::http",
    "reason": "The old agents speak no TLS until March (OPS-212).",
    "expires": TODAY + timedelta(days=90),
    "owner": "platform@example.com",
}


def loaded(tmp_path: Path, *entries: object, today: date = TODAY) -> Exceptions:
    file = tmp_path / "exceptions.yaml"
    file.write_text(yaml.safe_dump({"exceptions": list(entries)}), encoding="utf-8")
    return load(file, rules=RULES, today=today)


def errors_of(tmp_path: Path, *entries: object) -> str:
    with pytest.raises(ExceptionsError) as raised:
        loaded(tmp_path, *entries)
    return str(raised.value)


def test_exceptions_file_of_the_checkout_is_valid() -> None:
    file = Path("policies/exceptions.yaml")
    exceptions = load(file, rules=RULES, today=date.today())
    assert len(exceptions.entries) == len(yaml.safe_load(file.read_text(encoding="utf-8"))["exceptions"])


def test_an_exception_covers_only_its_rule_on_its_resource(tmp_path: Path) -> None:
    exceptions = loaded(tmp_path, GOOD)
    assert exceptions.find("ALB-001", URN) is exceptions.entries[0]
    assert exceptions.find("ALB-002", URN) is None
    assert exceptions.find("ALB-001", URN.replace("::http", "::http2")) is None
    assert exceptions.find("ALB-001", URN.replace("lb/listener:Listener", "alb/listener:Listener")) is None


def test_an_exception_with_stacks_applies_only_to_them(tmp_path: Path) -> None:
    exceptions = loaded(tmp_path, {**GOOD, "stacks": ["dev"]})
    assert exceptions.find("ALB-001", URN) is not None
    assert exceptions.find("ALB-001", URN.replace("urn:pulumi:dev::", "urn:pulumi:prod::")) is None
    assert exceptions.unused("dev") == exceptions.entries
    assert exceptions.unused("prod") == ()


def test_an_exception_applies_through_its_last_day(tmp_path: Path) -> None:
    last = date(2026, 12, 31)
    entry = {**GOOD, "expires": last}
    assert loaded(tmp_path, entry, today=last).find("ALB-001", URN) is not None
    late = loaded(tmp_path, entry, today=last + timedelta(days=1))
    assert late.find("ALB-001", URN) is None
    assert late.expired("dev") == late.entries
    assert late.unused("dev") == (), "it is reported once, as expired"


def test_a_needed_or_undecided_exception_is_not_unused(tmp_path: Path) -> None:
    exceptions = loaded(tmp_path, GOOD, {**GOOD, "rule": "ALB-002"}, {**GOOD, "rule": "ALB-003"})
    exceptions.needed.add(exceptions.entries[0])
    exceptions.undecided.add(exceptions.entries[1])
    assert [e.rule for e in exceptions.unused("dev")] == ["ALB-003"]


@pytest.mark.parametrize("key", sorted(GOOD))
def test_every_key_is_required(tmp_path: Path, key: str) -> None:
    entry = {name: value for name, value in GOOD.items() if name != key}
    assert f"exception 1: `{key}`: missing" in errors_of(tmp_path, entry)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"rule": "ALB-999"}, "no rule has this id (got 'ALB-999'). Allowed are ALB-001"),
        ({"resource": "http"}, "not type::name"),
        ({"reason": "legacy"}, "Say in 20 characters or more why"),
        ({"reason": "  "}, "not a text"),
        ({"owner": 7}, "`owner`: not a text (got 7)"),
        ({"expires": "soon"}, "`expires`: not a date (got 'soon')"),
        ({"expires": None}, "`expires`: not a date (got None)"),
        ({"expires": TODAY + timedelta(days=367)}, "more than a year away"),
        ({"stacks": "dev"}, "`stacks`: not a list of stack names (got 'dev')"),
        ({"until": "2027"}, "unknown keys (got until)"),
        ({"file": "Dockerfile"}, "`file`: ALB-001 does not evaluate one. Give a `resource`."),
        ({"rule": "DEL-008"}, "`resource`: DEL-008 does not evaluate one. Give a `file`."),
        ({"rule": "DEL-008"}, "`file`: missing"),
        ({"rule": ["DEL-008"]}, "`rule`: not a text (got ['DEL-008'])"),
    ],
)
def test_an_error_names_the_value_and_what_is_allowed(tmp_path: Path, change: dict[str, object], message: str) -> None:
    assert message in errors_of(tmp_path, {**GOOD, **change})


def test_one_message_lists_all_errors(tmp_path: Path) -> None:
    text = errors_of(tmp_path, {**GOOD, "owner": ""}, "ALB-001", GOOD, GOOD)
    assert "exception 1: `owner`" in text
    assert "exception 2: not an object (got 'ALB-001')" in text
    assert "exception 4: ALB-001 on aws:lb/listener:Listener::http is listed twice" in text


@pytest.mark.parametrize("text", ["", "- rule: ALB-001", "exceptions: none", "exceptions: []\nother: 1", "a: ["])
def test_a_file_of_another_shape_is_rejected(tmp_path: Path, text: str) -> None:
    file = tmp_path / "exceptions.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ExceptionsError, match=r"exceptions\.yaml"):
        load(file, rules=RULES, today=TODAY)


def test_a_missing_file_is_rejected(tmp_path: Path) -> None:
    with pytest.raises(ExceptionsError, match="exceptions: no such file"):
        load(tmp_path / "exceptions.yaml", rules=RULES, today=TODAY)


def test_a_urn_gives_the_resource_key_and_the_stack() -> None:
    assert resource_key(URN) == "aws:lb/listener:Listener::http"
    assert resource_key("urn:pulumi:dev::app::a:b:C::name::with::colons") == "a:b:C::name::with::colons"
    assert stack_of(URN) == "dev"


ON_FILE: dict[str, object] = {
    "rule": "DEL-008",
    "file": "api/Dockerfile",
    "reason": "Its base has one tag only, until we build our own (OPS-230).",
    "expires": TODAY + timedelta(days=90),
    "owner": "platform@example.com",
}
ROOT = "FROM node:24\n"
USER = "FROM node:24\nUSER node\n"


def evaluated_on_files(
    tmp_path: Path, files: Mapping[str, str], *entries: object, stack: str = "dev", today: date = TODAY
) -> list[Result]:
    """Return the results of the Dockerfile rule and of EXC-001 in a project with these files."""
    folder = tmp_path / "project"
    for name, text in {"Pulumi.yaml": "name: shop\n", **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    report = evaluate(
        [],
        PolicyConfig(),
        loaded(tmp_path, *entries, today=today),
        rules=[rule for rule in RULES if rule.id == "DEL-008"],
        project=ProjectFiles(folder, stack),
        named=("shop", stack),
    )
    return list(report.results)


def test_an_exception_on_a_file_covers_only_findings_in_it(tmp_path: Path) -> None:
    files = {"api/Dockerfile": "FROM node\n", "worker/Dockerfile": ROOT}
    covered, left, account = evaluated_on_files(tmp_path, files, ON_FILE)
    assert covered.outcome is Outcome.SUPPRESSED
    assert [f.path for f in covered.findings] == ["api/Dockerfile: FROM", "api/Dockerfile: USER"]
    assert covered.exception.startswith("DEL-008 on api/Dockerfile: Its base has one tag only")
    assert left.outcome is Outcome.FAIL
    assert [f.path for f in left.findings] == ["worker/Dockerfile: USER"]
    assert not left.exception
    assert account.outcome is Outcome.PASS


def test_exceptions_on_all_files_suppress_all_failures(tmp_path: Path) -> None:
    files = {"api/Dockerfile": ROOT, "worker/Dockerfile": ROOT}
    *evaluated, account = evaluated_on_files(tmp_path, files, ON_FILE, {**ON_FILE, "file": "worker/Dockerfile"})
    assert [each.outcome for each in evaluated] == [Outcome.SUPPRESSED] * 2
    assert account.outcome is Outcome.PASS


@pytest.mark.parametrize("files", [{"api/Dockerfile": USER}, {"worker/Dockerfile": USER}, {}])
def test_an_exception_on_a_compliant_or_missing_file_is_unused(tmp_path: Path, files: Mapping[str, str]) -> None:
    evaluated, account = evaluated_on_files(tmp_path, files, ON_FILE)
    assert evaluated.outcome in (Outcome.PASS, Outcome.NOT_APPLICABLE)
    assert account.outcome is Outcome.FAIL
    assert account.findings[0].path == "api/Dockerfile"
    assert account.findings[0].found.startswith("unused: DEL-008 on api/Dockerfile")


def test_an_expired_exception_on_a_file_covers_nothing_and_is_reported(tmp_path: Path) -> None:
    evaluated, account = evaluated_on_files(
        tmp_path, {"api/Dockerfile": ROOT}, ON_FILE, today=TODAY + timedelta(days=91)
    )
    assert evaluated.outcome is Outcome.FAIL
    assert account.findings[0].found.startswith("expired: DEL-008 on api/Dockerfile")


def test_an_exception_on_a_file_applies_only_to_its_stacks(tmp_path: Path) -> None:
    entry = {**ON_FILE, "stacks": ["dev"]}
    evaluated, account = evaluated_on_files(tmp_path, {"api/Dockerfile": ROOT}, entry, stack="prod")
    assert (evaluated.outcome, account.outcome) == (Outcome.FAIL, Outcome.PASS)


def test_an_exception_on_a_file_that_was_not_evaluated_is_not_unused(tmp_path: Path) -> None:
    """A check of a saved state has no project files."""
    report = evaluate([], PolicyConfig(), loaded(tmp_path, ON_FILE), rules=RULES, named=("shop", "dev"))
    (account,) = (each for each in report.results if each.rule == "EXC-001")
    assert account.outcome is Outcome.PASS


def test_exceptions_of_an_indeterminate_rule_are_neither_needed_nor_unused(tmp_path: Path) -> None:
    def check(_project: ProjectFiles, _parameters: object) -> Iterator[Finding]:
        yield Finding("worker/Dockerfile: USER", "root", "a user")
        raise Indeterminate("api/Dockerfile cannot be read")

    (rule,) = (rule for rule in RULES if rule.id == "DEL-008")
    assert isinstance(rule, ProjectRule)
    exceptions = loaded(tmp_path, ON_FILE, {**ON_FILE, "file": "worker/Dockerfile"})
    evaluator = Evaluator([replace(rule, check=check)], PolicyConfig(), exceptions)
    covered, left = evaluator.project(ProjectFiles(tmp_path, "dev"))
    assert covered.outcome is Outcome.SUPPRESSED
    assert (left.outcome, left.reason) == (Outcome.UNKNOWN, "api/Dockerfile cannot be read")
    assert exceptions.unused("dev") == ()


def test_the_file_of_a_finding_is_the_path_before_the_colon() -> None:
    assert file_of("api/Dockerfile: USER") == "api/Dockerfile"
    assert file_of("src/config.py:12") == "src/config.py"
    assert file_of("pipeline file") == "pipeline file"


def test_a_project_lists_its_exceptions_in_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    loaded(tmp_path / "policies", GOOD)
    assert of_project(tmp_path, rules=RULES, today=TODAY).entries[0].rule == "ALB-001"


@pytest.mark.parametrize("pack", ["name: tierup\n", "name: other-pack\n", "", "a: ["])
def test_the_file_beside_another_pack_is_ignored(tmp_path: Path, pack: str) -> None:
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "PulumiPolicy.yaml").write_text(pack, encoding="utf-8")
    loaded(tmp_path / "policies", GOOD)
    assert len(of_project(tmp_path, rules=RULES, today=TODAY).entries) == (pack == "name: tierup\n")


def test_there_are_no_exceptions_without_a_project_or_a_file(tmp_path: Path) -> None:
    assert of_project(None, rules=RULES, today=TODAY).entries == ()
    assert of_project(tmp_path, rules=RULES, today=TODAY).entries == ()
