from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from policies.config import PolicyConfig, PolicyConfigError, find, from_file, from_stack, schema
from policies.registry import RULES
from policies.rule import Level

SCHEMA = Path("policies/config.schema.json")
TLS = find(RULES, "ALB-002")
HTTPS = find(RULES, "ALB-001")


def test_find_takes_an_id_or_a_name_and_suggests_near_ones() -> None:
    assert find(RULES, "alb-002") is TLS
    assert find(RULES, TLS.name) is TLS
    with pytest.raises(PolicyConfigError, match=r"ALB-02: no rule has this id or name\. Did you mean .*ALB-002"):
        find(RULES, "ALB-02")
    with pytest.raises(
        PolicyConfigError, match=r"^qqq: no rule has this id or name\. `tierup check --list` lists the rules\.$"
    ):
        find(RULES, "qqq")


def test_without_settings_the_rules_defaults_apply() -> None:
    settings = from_stack({"tierup:phase": "mvp"}, RULES)
    assert {rule.id: settings.level(rule) for rule in RULES} == {rule.id: rule.level for rule in RULES}
    assert settings.of(TLS) == {"minimumTls": "1.2"}


def test_the_stack_overrides_the_rule_and_the_file_overrides_the_stack() -> None:
    stack = from_stack(
        {
            "policies:level": "advisory",
            "policies:parameters": '{"minimumTls": "1.3"}',
            "policies:rules": '{"ALB-002": "disabled"}',
        },
        RULES,
    )
    assert (stack.level(HTTPS), stack.level(TLS)) == (Level.ADVISORY, Level.DISABLED)
    assert stack.of(TLS) == {"minimumTls": "1.3"}

    some = from_file({TLS.name: {"minimumTls": "1.2"}}, RULES, stack)
    assert (some.level(HTTPS), some.level(TLS), some.of(TLS)["minimumTls"]) == (Level.ADVISORY, Level.DISABLED, "1.2")

    every = from_file({"all": "mandatory", HTTPS.name: "advisory"}, RULES, stack)
    assert (every.level(HTTPS), every.level(TLS)) == (Level.ADVISORY, Level.MANDATORY)
    assert every.of(TLS) == {"minimumTls": "1.3"}


def test_one_message_lists_all_errors_in_a_stacks_settings() -> None:
    with pytest.raises(PolicyConfigError) as caught:
        from_stack(
            {
                "policies:levels": "advisory",
                "policies:level": "strict",
                "policies:parameters": '{"minimumTls": "1.1", "minimumTsl": "1.2"}',
                "policies:rules": '{"ALB-999": "advisory", "ALB-002": {"enforcementLevel": "hard"},'
                ' "ALB-001": {"x": 1}}',
            },
            RULES,
        )
    text = str(caught.value)
    for part in (
        "policies:levels: unknown key. Allowed are policies:level, policies:parameters, policies:rules.",
        "policies:level: not an enforcement level (got 'strict'). Allowed are disabled, advisory, mandatory",
        "policies:parameters.minimumTls: '1.1' is not one of ['1.2', '1.3']. The lowest TLS version",
        "policies:parameters.minimumTsl: unknown parameter. Allowed are",
        "ALB-999: no rule has this id or name.",
        "ALB-002.enforcementLevel: not an enforcement level (got 'hard')",
        "ALB-001.x: unknown parameter. The rule has no parameters.",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("config", "part"),
    [
        ({"policies:parameters": "[]"}, "policies:parameters: not an object (got [])"),
        ({"policies:rules": "true"}, "policies:rules: not an object (got True)"),
    ],
)
def test_a_setting_that_is_not_an_object_is_rejected(config: dict[str, str], part: str) -> None:
    with pytest.raises(PolicyConfigError) as caught:
        from_stack(config, RULES)
    assert part in str(caught.value)


@pytest.mark.parametrize("document", [[], "advisory", None])
def test_a_policy_config_that_is_not_an_object_is_rejected(document: Any) -> None:
    with pytest.raises(PolicyConfigError, match="policy config: not a JSON object"):
        from_file(document, RULES)


def test_the_schema_matches_the_rules_and_accepts_the_shipped_configs() -> None:
    written = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(schema(RULES))), "out of date; run: make docs"
    Draft202012Validator.check_schema(written)
    validator = Draft202012Validator(written)
    files = list(Path("policies/environments").glob("*.json"))
    assert files
    for file in files:
        document = json.loads(file.read_text(encoding="utf-8"))
        validator.validate(document)
        assert from_file(document, RULES) != PolicyConfig()


@pytest.mark.parametrize(
    "document",
    [
        {"all": "hard"},
        {"no-such-rule": "advisory"},
        {"load-balancer-tls-version": {"minimumTls": "1.1"}},
        {"load-balancer-tls-version": {"unknown": 1}},
    ],
)
def test_the_schema_and_the_reader_reject_the_same_documents(document: dict[str, Any]) -> None:
    assert not Draft202012Validator(schema(RULES)).is_valid(document)
    with pytest.raises(PolicyConfigError):
        from_file(document, RULES)
