"""DEL-010: the secrets in a stack's configuration file are encrypted."""

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
        raise NotApplicable("the project has no stack configuration file")
    for file in files:
        config = mapping(project, file).get("config")
        for path, kind in _unencrypted(config if isinstance(config, dict) else {}, ""):
            yield Finding(
                f"{project.named(file)}: {path}",
                f"{kind}, in plain text (value not shown)",
                "an encrypted value (secure: ...)",
            )


def _unencrypted(config: Mapping[Any, Any], path: str) -> Iterator[tuple[str, str]]:
    """Yield the path and kind of each secret that is not encrypted."""
    for key, value in config.items():
        name = f"{path}.{key}" if path else str(key)
        if isinstance(value, dict) and set(value) != {"secure"}:
            yield from _unencrypted(value, name)
        elif isinstance(value, list):
            yield from _unencrypted(dict(enumerate(value)), name)
        elif isinstance(value, str) and (kind := secret_variable(str(key).rpartition(":")[2], value)):
            yield name, kind


RULE = ProjectRule(
    id="DEL-010",
    name="config-secrets",
    title="The secrets in a stack's configuration file are encrypted.",
    item=ChecklistItem.SECRETS,
    severity=Severity.CRITICAL,
    check=check,
    remediation="Rotate the secret at its source, then set the new value with pulumi config set --secret.",
    example="""# pulumi config set --secret app:dbPassword   ->   app:dbPassword: {secure: v1:...}""",
    source="https://www.pulumi.com/docs/iac/cli/commands/pulumi_config_set/",
    read=date(2026, 11, 24),
    pitfall=Pitfall.HARDCODED_SECRETS,
    unproven="The rule does not see a secret whose name and value do not look like one.",
)
