"""DEL-010: a secret stands in a stack's configuration encrypted, never as plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Pitfall, ProjectFiles, ProjectRule, Severity
from ..secrets.recognition import secret_variable
from .stack_configs import configs, mapping


def check(project: ProjectFiles, _parameters: Parameters) -> Iterator[Finding]:
    files = configs(project)
    if not files:
        raise NotApplicable("no stack has a configuration file")
    for file in files:
        config = mapping(project, file).get("config")
        for path, kind in _plain(config if isinstance(config, dict) else {}, ""):
            yield Finding(f"{project.named(file)}: {path}", f"{kind}, in plain text (value not shown)", "secure: ...")


def _plain(config: Mapping[Any, Any], path: str) -> Iterator[tuple[str, str]]:
    """The path and kind of each secret that is not encrypted."""
    for key, value in config.items():
        name = f"{path}.{key}" if path else str(key)
        if isinstance(value, dict) and set(value) != {"secure"}:
            yield from _plain(value, name)
        elif isinstance(value, list):
            yield from _plain(dict(enumerate(value)), name)
        elif isinstance(value, str) and (kind := secret_variable(str(key).rpartition(":")[2], value)):
            yield name, kind


RULE = ProjectRule(
    id="DEL-010",
    name="config-secrets",
    title="A secret in a stack's configuration file is encrypted.",
    item=ChecklistItem.SECRETS,
    severity=Severity.CRITICAL,
    check=check,
    remediation="Change the secret at its source, and set the new one with pulumi config set --secret.",
    example="""# pulumi config set --secret app:dbPassword   ->   app:dbPassword: {secure: v1:...}""",
    source="https://www.pulumi.com/docs/iac/cli/commands/pulumi_config_set/",
    read=date(2026, 11, 24),
    pitfall=Pitfall.HARDCODED_SECRETS,
    unproven="A secret whose name does not say so, and whose value looks like any other.",
)
