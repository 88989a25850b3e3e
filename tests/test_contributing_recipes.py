"""Carry out the recipes of CONTRIBUTING.md in a temporary copy of the checkout.

Each test names its recipe. It omits the steps that need a person or the engine (sources, prose, `tierup up`).
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.checkout_copy import ROOT, copy_checkout, run_in

RECIPES = {
    "Add a component": "test_a_new_component_gets_a_page_and_creates_its_resources",
    "Add a policy": "test_a_new_policy_runs_and_must_be_published",
    "Add a setting": "test_a_new_setting_is_accepted_and_documented",
    "Add an order rule": "test_a_new_order_rule_needs_a_case",
    "Add a tier size": "test_a_new_size_is_documented_and_can_be_overridden",
    "Add a provider type to the sandbox": "test_a_new_behaviour_row_is_found",
    "Add a flow or hop": "test_a_new_kind_of_flows_is_found_and_evaluated",
    "Add a runbook": "test_a_new_alarm_needs_a_runbook_and_a_row_in_the_list",
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copy_checkout(tmp_path / "checkout")


def python(copy: Path, code: str) -> str:
    ran = run_in(copy, ["python", "-c", code])
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def passes(copy: Path, *tests: str) -> bool:
    ran = run_in(copy, ["pytest", "-n", "0", "-p", "no:cacheprovider", *tests])
    assert ran.returncode in (0, 1), ran.stdout + ran.stderr
    return ran.returncode == 0


def replace(file: Path, old: str, new: str, count: int = 1) -> None:
    text = file.read_text()
    assert text.count(old) >= count, f"{file.name} no longer contains {old!r}"
    file.write_text(text.replace(old, new, count))


def test_every_recipe_is_carried_out() -> None:
    headings = re.findall(r"^## (Add .+)$", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)
    assert headings == list(RECIPES)
    assert set(RECIPES.values()) <= set(globals())


def test_a_new_component_gets_a_page_and_creates_its_resources(copy: Path) -> None:
    """Add a component: steps 1, 3 and 8."""
    for original, example in (
        ("components/monitoring/budget.py", "components/monitoring/example.py"),
        ("tests/components/monitoring/test_budget.py", "tests/components/monitoring/test_example.py"),
    ):
        text = (copy / original).read_text().replace("components.monitoring.budget", "components.monitoring.example")
        text = text.replace("tierup:aws:Budget", "tierup:aws:Example")
        (copy / example).write_text(re.sub(r"(?<![.:/])\bBudget(Args)?\b", r"Example\1", text))
    assert passes(copy, "tests/components/monitoring/test_example.py")
    page = python(
        copy,
        "from tools.docs import components as docs\n"
        "print(docs._page(next(each for each in docs.components() if each.cls.__name__ == 'Example')))",
    )
    assert "Type token: `tierup:aws:Example`" in page
    assert "`aws:budgets/budget:Budget`" in page


def test_a_new_order_rule_needs_a_case(copy: Path) -> None:
    """Add an order rule: steps 1 and 2."""
    case = "tests/tierup/switch/test_planner.py::test_every_order_rule_has_a_case_here_or_in_a_pair_of_states"
    rule = (
        'ORDER_RULES: Final = (\n    OrderRule(id="example", setting="tier", applies=lambda before, after: False,'
        ' instead={}, does="Wait.", why="An example.", source="https://example.com"),'
    )
    replace(copy / "stacks/config/transitions.py", "ORDER_RULES: Final = (", rule)
    assert not passes(copy, case)


@pytest.mark.exhaustive
def test_a_new_policy_runs_and_must_be_published(copy: Path) -> None:
    """Add a policy: steps 1, 2 and 6."""
    original = next(path for path in (copy / "policies").rglob("*.py") if 'id="CACHE-001"' in path.read_text())
    text = original.read_text()
    name = re.search(r'name="([\w-]+)"', text)
    assert name is not None
    example = original.with_name("example.py")
    example.write_text(text.replace('id="CACHE-001"', 'id="CACHE-901"').replace(name[0], 'name="cache-example"'))
    assert "CACHE-901" in python(copy, "from policies.registry import RULES; print([rule.id for rule in RULES])")
    assert "### CACHE-901" in python(copy, "from tools.docs import policies; print(policies.rules())")
    published = copy / "tests/policies/published.json"
    names = json.loads(published.read_text())
    select = ["tests/policies/test_registry.py", "-k", "published"]
    assert not passes(copy, *select)
    published.write_text(json.dumps(names | {"CACHE-901": "cache-example"}, indent=2, sort_keys=True) + "\n")
    assert passes(copy, *select)


@pytest.mark.exhaustive
def test_a_new_setting_is_accepted_and_documented(copy: Path) -> None:
    """Add a setting: steps 1 and 5."""
    field = (
        '    example_days: int = Field(default=7, ge=1, le=30, description="an example, 1 to 30", examples=["14"])\n'
    )
    replace(copy / "stacks/config/model.py", "    tier: Tier = Field(", f"{field}    tier: Tier = Field(")
    documented = python(copy, "from tools.docs.tables import TABLES; print(TABLES['settings']())")
    assert "| `tierup:exampleDays` | `7` | an example, 1 to 30 |" in documented
    settings = (
        "from stacks.config.reading import parse\n"
        "given = {'aws:region': 'eu-west-1', 'tierup:phase': 'mvp', 'tierup:tier': 'small',\n"
        "         'tierup:exampleDays': '%s', 'tierup:domain': 'app.example.com',\n"
        "         'tierup:alertEmail': 'ops@example.com', 'tierup:atlasOrgId': '0' * 24}\n"
        "print(parse(given, secret_keys=(), stack='prod').example_days)"
    )
    assert python(copy, settings % 14).strip() == "14"
    rejected = run_in(copy, ["python", "-c", settings % 31])
    assert rejected.returncode != 0
    assert "tierup:exampleDays" in rejected.stderr


@pytest.mark.exhaustive
def test_a_new_size_is_documented_and_can_be_overridden(copy: Path) -> None:
    """Add a tier size: steps 1 and 4."""
    tiers = copy / "stacks/catalog/tiers.py"
    replace(
        tiers,
        "    task_cpu: int",
        '    example_gb: int = Field(ge=1, le=9, description="an example")\n    task_cpu: int',
    )
    text = tiers.read_text()
    for value in (1, 2, 3):
        text = re.sub(r"(Sizes\(\n)(\s+)(task_cpu=)", rf"\1\2example_gb={value},\n\2\3", text, count=1)
        text = text.replace(f"Sizes(\n            example_gb={value}", f"Sizes( \n            example_gb={value}")
    tiers.write_text(text)
    documented = python(copy, "from tools.docs.tables import TABLES; print(TABLES['sizes']())")
    assert "| `exampleGb` | 1 | 2 | 3 | an example |" in documented
    assert "exampleGb" in python(copy, "from tools.docs.tables import size_names; print(size_names())")


def test_a_new_behaviour_row_is_found(copy: Path) -> None:
    """Add a provider type to the sandbox: steps 1 and 2."""
    token = "aws:sfn/activity:Activity"
    listed = f"from tierup.sandbox.registry import registry; print('{token}' in registry().behaviours)"
    assert python(copy, listed).strip() == "False"
    (copy / "tierup/sandbox/aws/example.py").write_text(
        '"""An example."""\n\n'
        "from tierup.sandbox.behaviour import Behaviour, assumed\n\n"
        f'BEHAVIOURS = (Behaviour(type="{token}", source=assumed("an example")),)\n'
    )
    assert python(copy, listed).strip() == "True"


def test_a_new_kind_of_flows_is_found_and_evaluated(copy: Path) -> None:
    """Add a flow or hop: step 2."""
    (copy / "tierup/sandbox/traffic/flows/example.py").write_text(
        """from tierup.sandbox.traffic.flow import Flow, FlowKind
from tierup.sandbox.traffic.hop import DEFINITION, passes


def _derive(rows):
    def trace(world):
        yield passes("example", "it", "id", "It arrives.", DEFINITION)

    yield Flow(id="one to other", kind="example", source="one", target="other", stack="", trace=trace)


FLOW_KINDS = (FlowKind(id="example", description="One reaches the other.", derive=_derive),)
"""
    )
    code = (
        "from tierup.sandbox.cloud import Cloud; from tierup.sandbox.traffic import evaluate;"
        " print([each.flow.id for each in evaluate(Cloud()).served])"
    )
    assert "['one to other']" in python(copy, code)


def test_a_new_alarm_needs_a_runbook_and_a_row_in_the_list(copy: Path) -> None:
    """Add a runbook: steps 1, 2 and 3."""
    tests = "tests/stacks/monitoring/test_runbooks.py"
    (copy / "stacks/monitoring/example.py").write_text(
        "from components.monitoring.alarms import Alarm\n\nALARMS = {'example-alarm': Alarm()}\n"
    )
    assert not passes(copy, tests)
    runbook = (copy / "docs/runbooks/cache-cpu.md").read_text().replace("# cache-cpu", "# example-alarm", 1)
    (copy / "docs/runbooks/example-alarm.md").write_text(runbook)
    assert not passes(copy, tests)
    with (copy / "docs/runbooks/README.md").open("a") as index:
        index.write("\n| [example-alarm](example-alarm.md) | An example. |\n")
    assert passes(copy, tests)
