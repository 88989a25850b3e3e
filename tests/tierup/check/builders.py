"""Small reports, projects and saved states for the tests, with one result of each outcome."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from policies.report import Report, Result
from policies.rule import Finding, Level, Outcome
from tierup.check.baseline import Baseline
from tierup.check.pack import EVALUATED_RULES
from tierup.check.result import CheckResult, FailOn, Section
from tierup.check.source_locations import SourceLocation
from tierup.deployment.project import Project

LISTENER = "aws:lb/listener:Listener"
EXCEPTION = "ALB-002 on aws:lb/listener:Listener::old: Old agents. (until 2026-12-08, platform@example.com)"
TLS = Finding("sslPolicy", '"ELBSecurityPolicy-2016-08" (TLS 1.0 and up)', "a policy for TLS 1.2 and up")


def urn(name: str, type_: str = LISTENER) -> str:
    return f"urn:pulumi:dev::trial::tierup:aws:LoadBalancer${type_}::{name}"


def a_result(
    outcome: Outcome, name: str = "https", rule: str = "ALB-002", level: Level = Level.MANDATORY, **more: Any
) -> Result:
    """Return a rule's result on a listener; one that fails has a finding."""
    if outcome in (Outcome.FAIL, Outcome.SUPPRESSED):
        more.setdefault("findings", (TLS,))
    return Result(rule, urn(name), LISTENER, name, outcome, level, **more)


ONE_OF_EACH = (
    a_result(Outcome.PASS, "good"),
    a_result(Outcome.FAIL, "https"),
    a_result(Outcome.FAIL, "http", "ALB-001", Level.ADVISORY, findings=(Finding("port", "80", "443 | or a redirect"),)),
    a_result(Outcome.SUPPRESSED, "old", exception=EXCEPTION),
    a_result(Outcome.UNKNOWN, "later", reason="sslPolicy is not known before `up`"),
    a_result(Outcome.NOT_APPLICABLE, "plain", reason="TLS does not end at this listener"),
)


def section(
    *results: Result, source: str = "", locations: Mapping[str, tuple[SourceLocation, ...]] | None = None
) -> Section:
    return Section(source, Report("trial", "dev", "preview", results or ONE_OF_EACH), locations or {})


def checked(
    *sections: Section,
    project: Project | None = None,
    baseline: Baseline | None = None,
    fail_on: FailOn = FailOn.MANDATORY,
) -> CheckResult:
    return CheckResult(sections or (section(),), EVALUATED_RULES, project, baseline, fail_on)


def make_project(folder: Path) -> Project:
    """Create a project whose program is in stacks/ and uses components/."""
    for name in ("stacks/__main__.py", "stacks/ingress.py", "components/balancer.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("# a program\n")
    (folder / "Pulumi.yaml").write_text("name: trial\nmain: stacks\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text("config: {}\n")
    return Project(folder=folder, name="trial", document={"name": "trial", "main": "stacks"})


@dataclass(frozen=True, slots=True)
class State:
    """A saved state that contains listeners, as `pulumi stack export` writes it."""

    listeners: Mapping[str, Mapping[str, Any]]
    stack: str = "dev"

    def document(self) -> dict[str, Any]:
        return {"version": 3, "deployment": {"resources": [self._resource(*each) for each in self.listeners.items()]}}

    def _resource(self, name: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        frames = [
            "components/balancer.py#7",
            "stacks/ingress.py#30",
            "stacks/__main__.py#3",
            ".venv/lib/python3.11/x.py#1",
        ]
        return {
            "urn": f"urn:pulumi:{self.stack}::trial::{LISTENER}::{name}",
            "custom": True,
            "id": f"arn:{name}",
            "type": LISTENER,
            "inputs": dict(inputs),
            "outputs": dict(inputs),
            "stackTrace": [{"sourcePosition": f"project:///{frame}"} for frame in frames],
        }

    def write(self, path: Path) -> Path:
        path.write_text(json.dumps(self.document()))
        return path


REDIRECT = {"defaultActions": [{"type": "redirect", "redirect": {"protocol": "HTTPS", "statusCode": "HTTP_301"}}]}
GOOD = {
    "protocol": "HTTPS",
    "port": 443,
    "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "defaultActions": [{"type": "forward"}],
}
OLD_TLS = {**GOOD, "sslPolicy": "ELBSecurityPolicy-2016-08"}
