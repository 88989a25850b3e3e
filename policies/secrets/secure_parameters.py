"""SEC-003: an SSM parameter that contains a secret is a SecureString."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ..rule import ChecklistItem, Finding, Parameters, Pitfall, Resource, ResourceRule, Severity, shown
from ..values import UnknownValue
from .recognition import names_a_secret, secret_variable

PARAMETER = "aws:ssm/parameter:Parameter"


def check(parameter: Resource, _parameters: Parameters) -> Iterator[Finding]:
    kind = parameter.properties.get("type")
    if kind == "SecureString":
        return
    name = str(parameter.properties.get("name") or parameter.name).rpartition("/")[2]
    try:
        value = str(parameter.properties.get("value") or parameter.properties.get("insecureValue") or "")
        secret = secret_variable(name, value) is not None
    except UnknownValue:  # the SDK marks every value as secret, and an export encrypts secrets
        if not names_a_secret(name):
            raise
        secret = True
    if secret:
        yield Finding("type", f"{shown(kind)} for a value that looks like a secret (value not shown)", '"SecureString"')


RULE = ResourceRule(
    id="SEC-003",
    name="parameter-secure-string",
    title="An SSM parameter that contains a secret is a SecureString.",
    item=ChecklistItem.SECRETS,
    pitfall=Pitfall.HARDCODED_SECRETS,
    severity=Severity.HIGH,
    applies_to=(PARAMETER,),
    check=check,
    remediation="Set type to SecureString.",
    example='aws.ssm.Parameter("jwt", type="SecureString", value=config.require_secret("jwt"))',
    source="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
    read=date(2026, 11, 24),
)
