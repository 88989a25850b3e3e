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


def test_a_rule_is_found_by_id_or_name_and_a_near_miss_is_named() -> None:
    assert find(RULES, "alb-002") is TLS
    assert find(RULES, TLS.name) is TLS
    with pytest.raises(PolicyConfigError, match=r"there is no rule 'ALB-02'; near it are .*ALB-002"):
        find(RULES, "ALB-02")
    with pytest.raises(PolicyConfigError, match=r"there is no rule 'qqq'$"):
        find(RULES, "qqq")


def test_without_settings_each_rule_says_it_itself() -> None:
    settings = from_stack({"tierup:phase": "mvp"}, RULES)
    assert {rule.id: settings.level(rule) for rule in RULES} == {rule.id: rule.level for rule in RULES}
    assert settings.of(TLS) == {"minimumTls": "1.2"}


def test_the_stack_speaks_over_the_rule_and_the_file_over_the_stack() -> None:
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


def test_everything_wrong_with_a_stacks_settings_is_said_at_once() -> None:
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
        "policies:levels is not known; there are policies:level, policies:parameters, policies:rules",
        "policies:level is 'strict', wanted one of disabled, advisory, mandatory, remediate",
        "policies:parameters.minimumTls: '1.1' is not one of ['1.2', '1.3']. The lowest TLS version",
        "policies:parameters: the parameter 'minimumTsl' is not known; there are",
        "there is no rule 'ALB-999'",
        "ALB-002.enforcementLevel is 'hard'",
        "ALB-001: the parameter 'x' is not known",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("config", "part"),
    [
        ({"policies:parameters": "[]"}, "policies:parameters is [], wanted an object of parameters"),
        ({"policies:rules": "true"}, "policies:rules is True, wanted an object of rules"),
    ],
)
def test_what_is_no_object_is_refused(config: dict[str, str], part: str) -> None:
    with pytest.raises(PolicyConfigError) as caught:
        from_stack(config, RULES)
    assert part in str(caught.value)


@pytest.mark.parametrize("document", [[], "advisory", None])
def test_a_policy_config_is_an_object(document: Any) -> None:
    with pytest.raises(PolicyConfigError, match="should be a JSON object"):
        from_file(document, RULES)


def test_the_schema_agrees_with_the_rules_and_accepts_the_shipped_files() -> None:
    written = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(schema(RULES))), "out of date; run: make docs"
    Draft202012Validator.check_schema(written)
    validator = Draft202012Validator(written)
    for file in Path("policies/environments").glob("*.json"):
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
def test_schema_and_reader_refuse_the_same(document: dict[str, Any]) -> None:
    assert not Draft202012Validator(schema(RULES)).is_valid(document)
    with pytest.raises(PolicyConfigError):
        from_file(document, RULES)
