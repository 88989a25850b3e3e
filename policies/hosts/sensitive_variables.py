"""HOST-003: a variable on Vercel whose name is that of a secret is sensitive, and is not one of a public prefix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, NotApplicable, Parameters, Pitfall, Resource, ResourceRule, Severity

SECRET = re.compile(r"(^|_)(SECRET|TOKEN|PASSWORD|PRIVATE_KEY|API_KEY|DATABASE_URL|MONGODB_URI)(_|$)")
PUBLIC = re.compile(r"^(VITE|NEXT_PUBLIC|REACT_APP|PUBLIC|NUXT_PUBLIC)_")
"""The prefixes of the variables that bundlers write into public files."""


def check(variable: Resource, _parameters: Parameters) -> Iterator[Finding]:
    key = str(variable.properties.get("key"))
    if not SECRET.search(key):
        raise NotApplicable("its name is not that of a secret")
    if PUBLIC.match(key):
        yield Finding("key", "a prefix whose variables are in public files", "a name without the prefix")
    elif not variable.properties.get("sensitive"):
        yield Finding("sensitive", "false", "true")


RULE = ResourceRule(
    id="HOST-003",
    name="vercel-sensitive-variables",
    title="Secrets on Vercel are sensitive variables.",
    item=ChecklistItem.SECRETS,
    pitfall=Pitfall.HARDCODED_SECRETS,
    severity=Severity.HIGH,
    applies_to=("vercel:index/projectEnvironmentVariable:ProjectEnvironmentVariable",),
    check=check,
    remediation="Set sensitive to true, and give no secret to the frontend, whose files are public.",
    example="""vercel.ProjectEnvironmentVariable(
    "token", project_id=project.id, key="NPM_TOKEN", value=token, sensitive=True, targets=["production"]
)""",
    source="https://github.com/vercel/terraform-provider-vercel, vercel/resource_project_environment_variable.go",
    read=date(2026, 11, 28),
)
