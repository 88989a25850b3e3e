from __future__ import annotations

from typing import Any

import pytest

from policies.rule import Outcome
from policies.waf.log_redaction import RULE
from tests.policies.evaluation import ABSENT, UNKNOWN, evaluate


def headers(*names: str) -> list[dict[str, Any]]:
    return [{"singleHeader": {"name": name}} for name in names]


def protected(kind: str, *keys: str) -> dict[str, Any]:
    field = {"fieldType": kind, **({"fieldKeys": list(keys)} if keys else {})}
    return {"dataProtections": [{"action": "HASH", "field": field}]}


@pytest.mark.parametrize(
    "names", [("authorization", "cookie"), ("Cookie", "Authorization"), ("x-api-key", "cookie", "authorization")]
)
def test_logs_without_credentials_pass(names: tuple[str, ...]) -> None:
    assert evaluate(RULE, "acl-logging", {"redactedFields": headers(*names)}).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        (headers("cookie"), ["authorization"]),
        (headers("authorization"), ["cookie"]),
        ([], ["authorization", "cookie"]),
        (ABSENT, ["authorization", "cookie"]),
        ([{"queryString": {}}, {"uriPath": {}}], ["authorization", "cookie"]),
    ],
)
def test_each_missing_header_fails(fields: object, missing: list[str]) -> None:
    verdict = evaluate(RULE, "acl-logging", {"redactedFields": fields})
    assert [finding.wanted for finding in verdict.findings] == [f'the header "{name}"' for name in missing]


@pytest.mark.parametrize(
    ("protection", "missing"),
    [
        (protected("SINGLE_HEADER", "Authorization", "cookie"), []),
        (protected("SINGLE_HEADER", "cookie"), ["authorization"]),
        (protected("SINGLE_HEADER"), []),
        (protected("SINGLE_COOKIE"), ["authorization", "cookie"]),
    ],
)
def test_headers_under_data_protection_pass(protection: dict[str, Any], missing: list[str]) -> None:
    changes = {"redactedFields": [], "acl: dataProtectionConfig": protection}
    verdict = evaluate(RULE, "acl-logging", changes)
    assert [finding.wanted for finding in verdict.findings] == [f'the header "{name}"' for name in missing]


@pytest.mark.parametrize("path", ["redactedFields", "redactedFields[0].singleHeader.name"])
def test_unknown_values_evaluate_to_unknown(path: str) -> None:
    assert evaluate(RULE, "acl-logging", {path: UNKNOWN}).outcome is Outcome.UNKNOWN
