"""The fixed monthly cost of a stack before and after a change of phase and tier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from tierup.cost.estimate import estimate
from tierup.preflight.check import CheckNotPossibleError
from tierup.preflight.stack_plan import StackPlan, list_planned_resources
from tierup.program_settings import NAMESPACE, RejectedSettingsError, parse_settings


@dataclass(frozen=True, kw_only=True, slots=True)
class CostChange:
    """The cost in US dollars a month, or why it is not known."""

    before: Decimal | None = None
    after: Decimal | None = None
    unknown: str = ""


def cost_change(plan: StackPlan, changed: Mapping[str, str]) -> CostChange:
    """Return the cost of a stack with its settings, and with changed ones by name such as `tier`.

    Sizes that the settings override stay, as `tierup switch` keeps them.
    """
    config = {**plan.config, **{f"{NAMESPACE}:{key}": value for key, value in changed.items()}}
    region = plan.region or ""
    try:
        settings = parse_settings(config, plan.short_name, secret_keys=plan.secret_keys)
        after = replace(plan, config=config, settings=settings)
        return CostChange(
            before=estimate(list_planned_resources(plan), region).usd(),
            after=estimate(list_planned_resources(after), region).usd(),
        )
    except RejectedSettingsError as error:
        return CostChange(unknown=f"The program rejects the settings together: {' '.join(str(error).split())}")
    except (LookupError, CheckNotPossibleError) as error:
        return CostChange(unknown=str(error))
