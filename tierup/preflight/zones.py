"""The availability zones: enough with Fargate, and the same ones as before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from tierup.cost.rules import PricedResource
from tierup.preflight.aws_clients import pages
from tierup.preflight.check import PreflightCheck, PreflightFinding, failed, passed
from tierup.preflight.context import PreflightContext, input_text
from tierup.program_loader import import_path

with import_path():
    from components.vpc.availability_zones import runs_fargate, select_zones

_SUBNET: Final = "aws:ec2/subnet:Subnet"


def _zones(context: PreflightContext) -> Iterator[PreflightFinding]:
    settings, region = context.settings, context.region
    if settings.existing_network is not None:
        return
    ec2 = context.aws.client("ec2")
    available = {
        each["ZoneName"]: each["ZoneId"]
        for each in pages(ec2, "describe_availability_zones", "AvailabilityZones")
        if each["State"] == "available" and each.get("OptInStatus") in (None, "opt-in-not-required")
    }
    used = _used_zones(context)
    if settings.availability_zones:
        selected: Sequence[str] = settings.availability_zones
        for zone in selected:
            if zone not in available:
                yield failed(
                    f"tierup:availabilityZones: {zone} is not available to the account (available are "
                    f"{', '.join(sorted(available))}).",
                    _pin(context, sorted(available)[: len(selected)]),
                )
                return
            if not runs_fargate(region, available[zone]):
                yield failed(
                    f"tierup:availabilityZones: Fargate does not run in {zone} ({available[zone]}).",
                    _pin(context, [each for each in sorted(available) if runs_fargate(region, available[each])]),
                )
                return
    else:
        try:
            selected = select_zones(
                region,
                available,
                zone_count(context.resources()),
                pinned=used,
                excluded_ids=settings.excluded_zone_ids,
            )
        except ValueError as error:
            yield failed(str(error), f"pulumi config set aws:region REGION --stack {context.plan.stack}")
            return
    if not used <= set(selected):
        moved = ", ".join(sorted(used - set(selected)))
        yield failed(
            f"The stack has subnets in {moved}, which is no longer selected. The next `up` would delete them.",
            _pin(context, sorted(used)),
        )
        return
    named = (f"{each} ({available.get(each, 'no longer available to the account')})" for each in selected)
    yield passed(f"The stack uses the zones {', '.join(named)}.")


def zone_count(resources: Sequence[PricedResource]) -> int:
    """Return the number of availability zones that the program uses."""
    return len({zone for each in resources if each.type == _SUBNET and (zone := input_text(each, "availabilityZone"))})


def _used_zones(context: PreflightContext) -> set[str]:
    """Return the zones of the stack's existing subnets."""
    filters = [{"Name": f"tag:{key}", "Values": [value]} for key, value in context.plan.tags.items()]
    found = pages(context.aws.client("ec2"), "describe_subnets", "Subnets", Filters=filters)
    return {str(each["AvailabilityZone"]) for each in found}


def _pin(context: PreflightContext, zones: Sequence[str]) -> str:
    return " && ".join(
        f"pulumi config set --path 'tierup:availabilityZones[{number}]' {zone} --stack {context.plan.stack}"
        for number, zone in enumerate(zones)
    )


CHECKS: Final = (
    PreflightCheck(
        name="zones",
        area="AWS",
        description="The region has enough availability zones with Fargate, and an existing stack keeps its zones.",
        run=_zones,
        needs_aws=True,
        timeout_seconds=150,
    ),
)
