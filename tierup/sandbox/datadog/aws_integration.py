"""Datadog's integration with an AWS account."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..behaviour import Behaviour, Call, Rejection, Stage, located, one_for_each, rule
from . import sources

_PROVIDER = sources.provider("fwprovider/resource_datadog_integration_aws_account.go")
_BLOCKS = ("authConfig", "awsRegions", "logsConfig", "metricsConfig", "resourcesConfig", "tracesConfig")
_NESTED = ("logsConfig.lambdaForwarder", "metricsConfig.namespaceFilters", "tracesConfig.xrayServices")


@rule("account-has-every-block", Stage.PLAN, source=_PROVIDER)
def _blocks(call: Call) -> Iterator[Rejection]:
    """Every block is required and may be empty, except that of the authentication."""
    for path in (*_BLOCKS, *_NESTED):
        parent = path.rpartition(".")[0]
        if call.get(path) is None and (not parent or call.get(parent) is not None):
            yield Rejection(path, "the block is missing. It is required, and may be empty.", "InvalidConfiguration")
    number = call.get("awsAccountId")
    if isinstance(number, str) and not re.fullmatch(r"[0-9]{12}", number):
        yield Rejection("awsAccountId", "invalid aws_account_id", "InvalidConfiguration")


@rule("account-has-one-way-to-authenticate", Stage.PLAN, source=_PROVIDER)
def _authentication(call: Call) -> Iterator[Rejection]:
    if not isinstance(call.get("authConfig"), dict):
        return
    keys, role = call.get("authConfig.awsAuthConfigKeys"), call.get("authConfig.awsAuthConfigRole")
    if (keys is None) == (role is None):
        yield Rejection(
            "authConfig", "exactly one of awsAuthConfigKeys and awsAuthConfigRole is required.", "InvalidConfiguration"
        )
    if isinstance(role, dict) and role.get("roleName") is None:
        yield Rejection("authConfig.awsAuthConfigRole.roleName", "it is missing.", "InvalidConfiguration")


@rule("filters-do-not-exclude-each-other", Stage.PLAN, source=_PROVIDER)
def _filters(call: Call) -> Iterator[Rejection]:
    for parent, one, other in (
        ("awsRegions", "includeAll", "includeOnlies"),
        ("metricsConfig.namespaceFilters", "includeOnlies", "excludeOnlies"),
        ("tracesConfig.xrayServices", "includeAll", "includeOnlies"),
    ):
        if call.get(f"{parent}.{one}") is not None and call.get(f"{parent}.{other}") is not None:
            yield Rejection(f"{parent}.{other}", f"it conflicts with {one}. Set one of them.", "InvalidConfiguration")
    for at, namespace in located(call.inputs, "metricsConfig.namespaceFilters.includeOnlies[*]"):
        if isinstance(namespace, str) and "/" not in namespace and namespace not in ("ContainerInsights", "CWAgent"):
            yield Rejection(at, f"unknown namespace (got {namespace}).", "400 Bad Request")


def _with_external_id(call: Call) -> object:
    """Return the authentication with the external id that Datadog generates for a role."""
    given = call.inputs["authConfig"]
    role = given.get("awsAuthConfigRole") if isinstance(given, dict) else None
    if not isinstance(role, dict) or role.get("externalId"):
        return given
    kept = call.this.outputs.get("authConfig") if call.this is not None else None
    old = (kept or {}).get("awsAuthConfigRole") or {}
    return {**given, "awsAuthConfigRole": {**role, "externalId": old.get("externalId") or call.hex(32, "external")}}


BEHAVIOURS = (
    Behaviour(
        type="datadog:aws/integrationExternalId:IntegrationExternalId",
        source=sources.provider("fwprovider/resource_datadog_integration_aws_external_id.go"),
        id="{hex32}",
        regional=False,
    ),
    Behaviour(
        type="datadog:aws/integrationAccount:IntegrationAccount",
        source=_PROVIDER,
        id="{uuid}",
        outputs={"accountTags": []},
        derived={"authConfig": _with_external_id},
        replace_source=_PROVIDER,
        keeps=frozenset({"accountTags", "authConfig.awsAuthConfigRole.externalId"}),
        enums={"awsPartition": ("aws", "aws-cn", "aws-us-gov")},
        secrets=frozenset({"authConfig.awsAuthConfigKeys.secretAccessKey"}),
        rules=(
            _blocks,
            _authentication,
            _filters,
            one_for_each("awsAccountId", code="409 Conflict", source=sources.api("aws-integration")),
        ),
        regional=False,
    ),
)
