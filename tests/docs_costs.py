"""What the documents say about costs, computed: docs/reference/costs.md, and the section of each component's page.

Both are of the default settings (`tierup cost`), at the prices of tierup/cost/prices.yaml.
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
from tests.docs_tables import table
from tierup.cli.cost import GUIDE_USD
from tierup.cost.estimate import NOT_COUNTED, RULES, Estimate, estimate
from tierup.cost.prices import REGIONS, Price, prices
from tierup.mocked_program import list_resources
from tierup.program_settings import RejectedSettingsError

PAGE: Final = Path(__file__).parents[1] / "docs/reference/costs.md"
REGION: Final = REGIONS[0]


@cache
def estimates() -> Mapping[tuple[Phase, Tier], Estimate]:
    """Of each phase and tier that the settings take."""
    found: dict[tuple[Phase, Tier], Estimate] = {}
    for phase in Phase:
        for tier in Tier:
            try:
                found[phase, tier] = estimate(list_resources(phase, tier, REGION), REGION)
            except RejectedSettingsError:
                continue
    return found


def page() -> str:
    """docs/reference/costs.md."""
    parts = [
        "# Costs",
        "What a stack costs a month before anybody uses it: what is paid for being there, at list prices, of the "
        "default settings, over 730 hours. `tierup cost` prints it; with `--phase` and `--tier` line by line, with "
        "`--json` with the source of each price, with `--region` of another region. It is an estimate to plan with and "
        "no offer: the prices below say where each is from, and which of them nobody has read at its source.",
        "Made from `tierup/cost/prices.yaml` and from what the program registers; see CONTRIBUTING.",
        f"## US dollars a month, {REGION}",
        _sums(),
        "The guide's numbers are its Cost Estimates (version 1.0), which leave out load balancer, NAT, firewall, "
        "addresses and alarms. `enterprise` shards the database and spreads it over three regions, with five nodes a "
        "shard in place of three: most of what it adds is Atlas's. It is refused with `small`.",
        "## By component",
        f"US dollars a month, {REGION}. Each component's [page](components/README.md) says what of it is paid for.",
        _by_component(),
        "## Not counted",
        "\n".join(f"- {each}" for each in NOT_COUNTED),
        "## Prices",
        "US dollars. A date says when somebody read the source; where there is none nobody did, and the figure is to "
        "be checked before one relies on it.",
        _prices(),
    ]
    return "\n\n".join(parts) + "\n"


def _sums() -> str:
    rows: list[Sequence[str]] = []
    for phase in Phase:
        cells = [_sum(estimates().get((phase, tier))) for tier in Tier]
        rows.append((f"`{phase}`", *cells))
    rows.append(("the guide", *(f"about {GUIDE_USD[tier]:,}" for tier in Tier)))
    return table(("phase", *Tier), rows)


def _sum(of: Estimate | None) -> str:
    if of is None:
        return "refused"
    return f"**{_round(of.usd())}** (AWS {_round(of.usd('AWS'))}, Atlas {_round(of.usd('MongoDB Atlas'))})"


def _round(amount: Decimal) -> str:
    return f"{amount:,.0f}"


def _by_component() -> str:
    sums: defaultdict[str, dict[tuple[Phase, Tier], Decimal]] = defaultdict(dict)
    for combination, of in estimates().items():
        for line in of.lines:
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
    return table(("what", "per", *REGIONS, "source"), rows)


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
    """The section "What it costs" of a component's page: `component` is its type, `types` what it makes."""
    known = prices(REGION)
    rules = {each: RULES[each] for each in types if each in RULES}
    if not rules:
        yield "Nothing by itself."
        return
    yield f"US dollars, list prices of {REGION} ([all prices, with their sources](../costs.md))."
    yield table(
        ("type", "for being there", "by use"),
        [
            (f"`{each}`", rule.fixed or "nothing", "; ".join(_by_use(known[key]) for key in rule.by_use) or "nothing")
            for each, rule in rules.items()
        ],
    )
    fixed = _fixed(component)
    if fixed:
        yield "For being there, as the stacks have it with their default settings, a month:"
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


def _of(component: str, of: Estimate | None) -> Decimal | None:
    if of is None:
        return None
    return sum((line.usd for line in of.lines if line.component == component), Decimal())
