"""The costs in the documentation: docs/reference/costs.md, and the section "Cost" of each component's page.

Both describe the default settings (`tierup cost`) at the prices of tierup/cost/prices.yaml.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Final

from stacks.catalog.phases import Phase
from stacks.catalog.tiers import Tier
from tierup.cli.cost import GUIDE_USD
from tierup.cli.cost_usage import GUIDE_HEAD, guide_rows
from tierup.cost.estimate import NOT_COUNTED, RULES, Estimate, estimate
from tierup.cost.guide import CASES, compare_with_guide
from tierup.cost.prices import REGIONS, Price, free_allowances, prices
from tierup.cost.usage import default_usage, descriptions, free_fixed_usd, total_usd, usage_lines
from tierup.mocked_program import list_resources
from tierup.program_settings import RejectedSettingsError

from .markdown import table

PAGE: Final = Path(__file__).parents[2] / "docs/reference/costs.md"
REGION: Final = REGIONS[0]


@cache
def estimates() -> Mapping[tuple[Phase, Tier], Estimate]:
    """Return the estimate of each phase and tier that the settings allow."""
    found: dict[tuple[Phase, Tier], Estimate] = {}
    for phase in Phase:
        for tier in Tier:
            try:
                found[phase, tier] = estimate(list_resources(phase, tier, REGION), REGION)
            except RejectedSettingsError:
                continue
    return found


def page() -> str:
    """Return the content of docs/reference/costs.md."""
    parts = [
        "# Costs",
        "The fixed monthly cost of a stack with the default settings: list prices over 730 hours, and "
        "[what usage adds](#by-usage). "
        "`tierup cost` prints the same table. `--phase` and `--tier` show one stack line by line, `--set` changes "
        "its settings, `--json` adds the source of each price, and `--region` selects another region. The figures are "
        "an estimate, not an offer. The [prices](#prices) state their sources, and which of them were not read at the "
        "source.",
        "`make docs` computes this page from `tierup/cost/prices.yaml` and the resources that the program registers.",
        f"## US dollars per month, {REGION}",
        _sums(),
        "The guide's figures are its Cost Estimates (version 1.0). They omit the load balancer, NAT, AWS WAF, public "
        "IPv4 addresses and alarms. Phase `enterprise` shards the database over three regions, with five nodes per "
        "shard instead of three; Atlas accounts for most of the difference. The settings do not allow `enterprise` "
        "with tier `small`.",
        "## The guide's tables",
        "`tierup cost --guide` prints them: each part of the guide's table beside the same part of a stack, in US "
        "dollars a month. The guide's parts add up to a little less than its totals.",
        *_guide(),
        "## By usage",
        "What users cause in addition, with `--phase` and `--tier`. The assumptions are those of "
        "[the table below](#assumptions-on-usage); `tierup cost --write-usage FILE` writes them, and `--usage FILE` "
        "reads a changed file. Low and high take the low and the high value of all assumptions together, the number "
        "of users included, so the range is wide. Fixed and usage-based cost together, US dollars per month:",
        _with_use(),
        "`--free-tier` subtracts what AWS does not charge for in each month, also after the first year. An account has "
        "each allowance once, for all of its stacks.",
        _free_tier(),
        "## By component",
        f"US dollars per month, {REGION}. Each component's [page](components/README.md) lists the types that cost.",
        _by_component(),
        "## Not counted",
        "\n".join(f"- {each}" for each in NOT_COUNTED),
        "## Assumptions on usage",
        "For a month; three values are low, expected and high.",
        _assumptions(),
        "## Prices",
        "US dollars. The date is the day on which the source was read. A price without a date was not read at its "
        "source; check it before you rely on it.",
        _prices(),
    ]
    return "\n\n".join(parts) + "\n"


def _guide() -> Iterator[str]:
    for case in CASES:
        resources = list_resources(Phase(case.phase), Tier(case.tier), REGION, **case.settings)
        others = "".join(f", `{key}` `{value}`" for key, value in case.settings.items())
        yield f"Tier `{case.tier}` of the guide and phase `{case.phase}`, tier `{case.tier}`{others}:"
        yield table(GUIDE_HEAD, guide_rows(compare_with_guide(case, estimate(resources, REGION))))


def _with_use() -> str:
    rows: list[Sequence[str]] = []
    for (phase, tier), estimated in estimates().items():
        resources = list_resources(phase, tier, REGION)
        plain, free = (
            total_usd(usage_lines(resources, REGION, default_usage(tier), free_tier=each)) for each in (False, True)
        )
        fixed = float(estimated.usd())
        with_free = fixed - float(free_fixed_usd(estimated.lines)) + free[1]
        rows.append((f"`{phase}`", f"`{tier}`", *(f"{fixed + each:,.0f}" for each in (*plain,)), f"{with_free:,.0f}"))
    return table(("phase", "tier", "low", "expected", "high", "expected, with the free tier"), rows)


def _free_tier() -> str:
    known = prices(REGION)
    rows = [
        (
            known[key].what,
            f"{allowance.quantity.normalize():f} × {known[key].per}",
            f"{allowance.source} (read {allowance.read})" if allowance.read else allowance.source,
        )
        for key, allowance in free_allowances().items()
    ]
    return table(("item", "free in a month", "source"), rows)


def _assumptions() -> str:
    by_tier = {tier: default_usage(tier) for tier in Tier}
    rows = [
        (f"`{key}`", *(_values(by_tier[tier][key]) for tier in Tier), meaning)
        for key, meaning in descriptions().items()
    ]
    return table(("assumption", *Tier, "meaning"), rows)


def _values(values: Sequence[float]) -> str:
    return f"{values[0]:,g}" if len(set(values)) == 1 else ", ".join(f"{each:,g}" for each in values)


def _sums() -> str:
    rows: list[Sequence[str]] = []
    for phase in Phase:
        cells = [_sum(estimates().get((phase, tier))) for tier in Tier]
        rows.append((f"`{phase}`", *cells))
    rows.append(("the guide", *(f"about {GUIDE_USD[tier]:,}" for tier in Tier)))
    return table(("phase", *Tier), rows)


def _sum(estimated: Estimate | None) -> str:
    if estimated is None:
        return "not allowed"
    aws, atlas = (_round(estimated.usd(provider)) for provider in ("AWS", "MongoDB Atlas"))
    return f"**{_round(estimated.usd())}** (AWS {aws}, Atlas {atlas})"


def _round(amount: Decimal) -> str:
    return f"{amount:,.0f}"


def _by_component() -> str:
    sums: defaultdict[str, dict[tuple[Phase, Tier], Decimal]] = defaultdict(dict)
    for combination, estimated in estimates().items():
        for line in estimated.lines:
            by_combination = sums[line.component]
            by_combination[combination] = by_combination.get(combination, Decimal()) + line.usd
    dearest_first = sorted(sums, key=lambda component: -max(sums[component].values()))
    columns = list(estimates())
    return table(
        ("component", *(f"{phase} {tier}" for phase, tier in columns)),
        [
            (component.rpartition(":")[2], *(_cell(sums[component].get(column)) for column in columns))
            for component in dearest_first
        ],
    )


def _cell(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:,.2f}"


def _prices() -> str:
    of_region = {region: prices(region) for region in REGIONS}
    rows = [
        (price.what, price.per, *(_figure(of_region[region].get(key)) for region in REGIONS), _sources(key, of_region))
        for key, price in of_region[REGION].items()
    ]
    return table(("item", "per", *REGIONS, "source"), rows)


def _figure(price: Price | None) -> str:
    return "" if price is None else f"{price.usd}"


def _sources(key: str, of_region: Mapping[str, Mapping[str, Price]]) -> str:
    found = {region: _source(by_key[key]) for region, by_key in of_region.items() if key in by_key}
    different = dict.fromkeys(found.values())
    if len(different) == 1:
        return next(iter(different))
    return "; ".join(f"{region}: {source}" for region, source in found.items())


def _source(price: Price) -> str:
    return f"{price.source} (read {price.read})" if price.read else price.source


def of_component(component: str, types: Sequence[str]) -> Iterator[str]:
    """Yield the section "Cost" of a component's page. `component` is its type token, `types` are its resource types."""
    known = prices(REGION)
    rules = {each: RULES[each] for each in types if each in RULES}
    if not rules:
        yield "The resource types of this component cost nothing."
        return
    yield f"List prices of {REGION} in US dollars ([all prices and their sources](../costs.md#prices))."
    yield table(
        ("type", "fixed monthly cost", "usage-based cost"),
        [
            (f"`{each}`", rule.fixed or "none", "; ".join(_by_use(known[key]) for key in rule.by_use) or "none")
            for each, rule in rules.items()
        ],
    )
    fixed = _fixed(component)
    if fixed:
        yield "Fixed monthly cost in the stacks with default settings:"
        yield table(("phase", *Tier), fixed)


def _by_use(price: Price) -> str:
    return f"{price.what} {price.usd.normalize():f} per {price.per}"


def _fixed(component: str) -> Sequence[Sequence[str]]:
    rows: list[Sequence[str]] = []
    for phase in Phase:
        sums = [_of(component, estimates().get((phase, tier))) for tier in Tier]
        if any(sums):
            rows.append((f"`{phase}`", *(_cell(each) if each is not None else "" for each in sums)))
    return rows


def _of(component: str, estimated: Estimate | None) -> Decimal | None:
    if estimated is None:
        return None
    return sum((line.usd for line in estimated.lines if line.component == component), Decimal())
