from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from policies.catalogue import RULES
from policies.exceptions import Exceptions, ExceptionsError, load, resource_key, stack_of

TODAY = date(2026, 11, 24)
IDS = [rule.id for rule in RULES]
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
    return load(file, rules=IDS, today=today)


def faults(tmp_path: Path, *entries: object) -> str:
    with pytest.raises(ExceptionsError) as raised:
        loaded(tmp_path, *entries)
    return str(raised.value)


def test_the_packs_own_file_is_right() -> None:
    load(Path("policies/exceptions.yaml"), rules=IDS, today=date.today())


def test_an_exception_covers_its_rule_on_its_resource_and_nothing_else(tmp_path: Path) -> None:
    exceptions = loaded(tmp_path, GOOD)
    assert exceptions.find("ALB-001", URN) is exceptions.entries[0]
    assert exceptions.find("ALB-002", URN) is None
    assert exceptions.find("ALB-001", URN.replace("::http", "::http2")) is None
    assert exceptions.find("ALB-001", URN.replace("lb/listener:Listener", "alb/listener:Listener")) is None


def test_an_exception_may_hold_in_some_stacks_only(tmp_path: Path) -> None:
    exceptions = loaded(tmp_path, {**GOOD, "stacks": ["dev"]})
    assert exceptions.find("ALB-001", URN) is not None
    assert exceptions.find("ALB-001", URN.replace("urn:pulumi:dev::", "urn:pulumi:prod::")) is None
    assert exceptions.unused("dev") == exceptions.entries
    assert exceptions.unused("prod") == ()


def test_an_exception_holds_through_its_last_day(tmp_path: Path) -> None:
    last = date(2026, 12, 31)
    entry = {**GOOD, "expires": last}
    assert loaded(tmp_path, entry, today=last).find("ALB-001", URN) is not None
    late = loaded(tmp_path, entry, today=last + timedelta(days=1))
    assert late.find("ALB-001", URN) is None
    assert late.expired("dev") == late.entries
    assert late.unused("dev") == (), "it is reported once, as expired"


def test_one_that_was_needed_or_could_not_be_decided_is_not_unused(tmp_path: Path) -> None:
    exceptions = loaded(tmp_path, GOOD, {**GOOD, "rule": "ALB-002"}, {**GOOD, "rule": "ALB-003"})
    exceptions.needed.add(exceptions.entries[0])
    exceptions.undecided.add(exceptions.entries[1])
    assert [e.rule for e in exceptions.unused("dev")] == ["ALB-003"]


@pytest.mark.parametrize("key", sorted(GOOD))
def test_every_key_is_asked_for(tmp_path: Path, key: str) -> None:
    entry = {name: value for name, value in GOOD.items() if name != key}
    assert f"exception 1: `{key}` is missing" in faults(tmp_path, entry)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rule": "ALB-999"}, "there is no rule 'ALB-999'; the rules are ALB-001"),
        ({"resource": "http"}, "wanted type::name"),
        ({"reason": "legacy"}, "say in 20 characters or more why"),
        ({"reason": "  "}, "wanted a text"),
        ({"owner": 7}, "`owner` is 7, wanted a text"),
        ({"expires": "soon"}, "`expires` is 'soon', wanted a date"),
        ({"expires": None}, "wanted a date"),
        ({"expires": TODAY + timedelta(days=367)}, "more than a year away"),
        ({"stacks": "dev"}, "wanted a list of stack names"),
        ({"until": "2027"}, "unknown keys until"),
    ],
)
def test_a_wrong_value_is_named_with_what_was_wanted(tmp_path: Path, change: dict[str, object], said: str) -> None:
    assert said in faults(tmp_path, {**GOOD, **change})


def test_all_faults_stand_in_one_message(tmp_path: Path) -> None:
    text = faults(tmp_path, {**GOOD, "owner": ""}, "ALB-001", GOOD, GOOD)
    assert "exception 1: `owner`" in text
    assert "exception 2: got 'ALB-001'" in text
    assert "exception 4: ALB-001 on aws:lb/listener:Listener::http is listed twice" in text


@pytest.mark.parametrize("text", ["", "- rule: ALB-001", "exceptions: none", "exceptions: []\nother: 1", "a: ["])
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "exceptions.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ExceptionsError, match=r"exceptions\.yaml"):
        load(file, rules=IDS, today=TODAY)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExceptionsError, match="is missing"):
        load(tmp_path / "exceptions.yaml", rules=IDS, today=TODAY)


def test_what_a_urn_says() -> None:
    assert resource_key(URN) == "aws:lb/listener:Listener::http"
    assert resource_key("urn:pulumi:dev::app::a:b:C::name::with::colons") == "a:b:C::name::with::colons"
    assert stack_of(URN) == "dev"
