"""The effective specs of a cluster: what Atlas runs, which autoscaling changes, beside what the program declares.

Each region config of a cluster's `replicationSpecs` output has an effective specs object for each kind of specs. The
real resource does not return them; the data source does (`effectiveElectableSpecs`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ..behaviour import UNKNOWN, Call, Operation, Plain, Rejection, Stage, documented, located, rule
from ..cloud import CloudResource

EFFECTIVE: Mapping[str, str] = {
    "electableSpecs": "effectiveElectableSpecs",
    "readOnlySpecs": "effectiveReadOnlySpecs",
    "analyticsSpecs": "effectiveAnalyticsSpecs",
}
"""The kinds of specs, each with its effective counterpart."""
_SCALED = ("instanceSize", "diskSizeGb", "diskIops")
KEPT_BLOCKS = ("autoScaling", "analyticsAutoScaling", *EFFECTIVE)
_DEFAULT_OPLOG_HOURS = 24
_SCHEMA = "https://github.com/mongodb/terraform-provider-mongodbatlas/blob/master/internal/service/advancedcluster/"
_EFFECTIVE_FIELDS = documented(
    "https://www.pulumi.com/registry/packages/mongodbatlas/api-docs/advancedcluster/, 'Auto-Scaling with Effective"
    " Fields', as docstrings of pulumi-mongodbatlas",
    read="2026-11-28",
)
_OPLOG = documented(
    f"{_SCHEMA}schema.go (descDiskGBEnabled): OPLOG_MIN_RETENTION_HOURS_NO_DISK_AUTO_SCALING; cluster updates are"
    " applied before process arguments. The default of 24 hours with disk autoscaling is from issue 2646 there",
    read="2026-11-28",
)
_TOGGLE = documented(f"{_SCHEMA}plan_modifier.go (handleModifyPlan)", read="2026-11-28")
_FLEX = documented(f"{_SCHEMA}validate_schema.go (UseEffectiveFieldsValidator)", read="2026-11-28")

Configs = list[list[Mapping[str, Any]]]  # region configs by replication spec


def size_number(size: Plain) -> int | None:
    """Return the number of an instance size for comparison: 30 for "M30" and "R30_NVME"."""
    found = re.fullmatch(r"[MR](\d+)(_.*)?", size) if isinstance(size, str) else None
    return int(found.group(1)) if found else None


def is_out_of_range(size: int, scaling: Mapping[str, Any]) -> bool:
    """Return whether the number of an instance size is outside the range of an autoscaling block."""
    low, high = (size_number(scaling.get(f"compute{end}InstanceSize")) for end in ("Min", "Max"))
    return (low is not None and size < low) or (high is not None and size > high)


def _configs(values: Mapping[str, Any]) -> Configs:
    specs = values.get("replicationSpecs")
    found: Configs = []
    for spec in specs if isinstance(specs, (list, tuple)) else ():
        configs = spec.get("regionConfigs") if isinstance(spec, Mapping) else None
        found.append([each for each in configs if isinstance(each, Mapping)] if isinstance(configs, list) else [])
    return found


def _updated(call: Call, before: Configs) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Yield each region config of a call with its path, and the one that it had in `before`."""
    for spec, configs in enumerate(_configs(call.inputs)):
        for place, config in enumerate(configs):
            yield f"replicationSpecs[{spec}].regionConfigs[{place}]", config, _previous(before, spec, config)


def _previous(before: Configs, spec: int, config: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the region config of the same replication spec and region before an update, or an empty one."""
    for each in before[spec] if spec < len(before) else ():
        if each.get("regionName") == config.get("regionName"):
            return each
    return {}


def flags(config: Mapping[str, Any], kind: str = "electableSpecs") -> tuple[bool, bool]:
    """Return whether disk and instance size scale automatically, for a kind of specs."""
    own = config.get("analyticsAutoScaling" if kind == "analyticsSpecs" else "autoScaling")
    scaling = own if isinstance(own, Mapping) else {}
    return scaling.get("diskGbEnabled") is True, scaling.get("computeEnabled") is True


def is_kept(config: Mapping[str, Any], name: str) -> bool:
    """Return whether a block that the program removes stays: enabled autoscaling, and specs with nodes.

    Source: adjustRegionConfigsChildren in plan_modifier.go (read 2026-11-28).
    """
    block = config.get(name)
    if not isinstance(block, Mapping):
        return False
    if name in EFFECTIVE:
        return bool(block.get("nodeCount"))
    return block.get("computeEnabled") is True or block.get("diskGbEnabled") is True


def _with_kept(config: Mapping[str, Any], previous: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: previous[name] for name in KEPT_BLOCKS if name not in config and is_kept(previous, name)}
    return {**config, **kept}


def _uses_effective_fields(inputs: Mapping[str, Any]) -> bool:
    """Return whether Atlas's scaling counts: useEffectiveFields has no effect with several replication specs."""
    return inputs.get("useEffectiveFields") is True and len(inputs.get("replicationSpecs") or ()) == 1


def _preserves(call: Call, config: Mapping[str, Any], previous: Mapping[str, Any], kind: str) -> bool:
    """Return whether Atlas ignores the declared sizes: autoscaling is enabled before and after, and not toggled."""
    before, after = flags(previous, kind), flags(config, kind)
    return _uses_effective_fields(call.inputs) and any(after) and before == after


def region_configs(call: Call, spec: int, configs: Plain, default_disk: Callable[[Plain, Plain], int | None]) -> Plain:
    """Return the region configs of one replication spec with the effective specs after a create or an update.

    Assumed: a disk that the program does not declare keeps its size, unless the instance size changes.
    """
    if not isinstance(configs, list):
        return configs
    before = _configs(call.this.outputs) if call.this is not None else []
    made: list[Plain] = []
    for config in configs:
        if not isinstance(config, Mapping):
            made.append(config)
            continue
        previous = _previous(before, spec, config)
        merged = _with_kept(config, previous)
        for kind, name in EFFECTIVE.items():
            declared, ran = merged.get(kind), previous.get(name) or {}
            if not isinstance(declared, Mapping):
                continue
            effective = dict(declared)
            if effective.get("diskSizeGb") is None:
                same = effective.get("instanceSize") == ran.get("instanceSize")
                default = default_disk(config.get("providerName"), effective.get("instanceSize"))
                effective["diskSizeGb"] = ran.get("diskSizeGb", default) if same else default
            if ran and _preserves(call, merged, previous, kind):
                effective.update({field: ran[field] for field in _SCALED if ran.get(field) is not None})
            merged[name] = {field: value for field, value in effective.items() if value is not None}
        made.append(merged)
    return made


def current(cluster: CloudResource, *, declared: bool) -> list[dict[str, Any]]:
    """Return the replication specs as the data source shows them.

    Specs are the declared ones (`declared`, with useEffectiveFields), else the ones that run.
    """
    shown: list[dict[str, Any]] = []
    for spec in cluster.outputs.get("replicationSpecs") or ():
        configs = [
            config if declared else {**config, **{k: config[e] for k, e in EFFECTIVE.items() if e in config}}
            for config in spec.get("regionConfigs") or ()
        ]
        shown.append({**spec, "regionConfigs": configs})
    return shown


# --- rules ---


@rule("effective-fields-need-dedicated-clusters", Stage.PLAN, source=_FLEX)
def _dedicated(call: Call) -> Iterator[Rejection]:
    if call.get("useEffectiveFields") not in (None, UNKNOWN):
        for at, provider in located(call.inputs, "replicationSpecs[*].regionConfigs[*].providerName"):
            if provider in ("TENANT", "FLEX"):
                yield Rejection(
                    "useEffectiveFields",
                    f"it is not supported on Flex and Tenant clusters ({at} is {provider}). Omit it.",
                    "INVALID_ATTRIBUTE",
                )
                return


@rule("specs-stay-while-effective-fields-are-toggled", Stage.DIFF, source=_TOGGLE)
def _toggled(call: Call) -> Iterator[Rejection]:
    old = call.old or {}
    if (old.get("useEffectiveFields") is True) == (call.get("useEffectiveFields") is True):
        return
    for at, config, previous in _updated(call, _configs(old)):
        for kind in ("readOnlySpecs", "analyticsSpecs"):
            if is_kept(previous, kind) and kind not in config:
                yield Rejection(
                    f"{at}.{kind}",
                    "it cannot be removed while useEffectiveFields is toggled. Restore it (with nodeCount 0 to delete"
                    " the nodes), apply, and toggle the flag in a separate update.",
                    "PlanError",
                )


@rule("disk-autoscaling-off-needs-no-oplog-retention", Stage.UPDATE, source=_OPLOG)
def _oplog(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    hours = _oplog_hours(call.this)
    if hours == 0:
        return
    for at, config, previous in _updated(call, _configs(call.this.outputs)):
        scaling = config.get("autoScaling")
        off = isinstance(scaling, Mapping) and scaling.get("diskGbEnabled") is not True
        if flags(previous)[0] and off:
            yield Rejection(
                f"{at}.autoScaling.diskGbEnabled",
                f"disk autoscaling cannot be disabled while the minimum oplog retention is {hours:g} hours. Set"
                " advancedConfiguration.oplogMinRetentionHours to 0 in an update before this one.",
                "OPLOG_MIN_RETENTION_HOURS_NO_DISK_AUTO_SCALING",
            )
            return


def _oplog_hours(cluster: CloudResource) -> float:
    """Return the minimum oplog retention that the server has: what was last set, else Atlas's default."""
    configured = (cluster.outputs.get("advancedConfiguration") or {}).get("oplogMinRetentionHours")
    if isinstance(configured, (int, float, str)) and not isinstance(configured, bool):
        return float(configured)
    scales = any(flags(config)[0] for configs in _configs(cluster.outputs) for config in configs)
    return _DEFAULT_OPLOG_HOURS if scales else 0.0


@rule("autoscaling-range-contains-the-effective-size", Stage.UPDATE, source=_EFFECTIVE_FIELDS)
def _range(call: Call) -> Iterator[Rejection]:
    assert call.this is not None
    for at, config, previous in _updated(call, _configs(call.this.outputs)):
        for kind, block in (("electableSpecs", "autoScaling"), ("analyticsSpecs", "analyticsAutoScaling")):
            scaling, runs = config.get(block), (previous.get(EFFECTIVE[kind]) or {}).get("instanceSize")
            if not isinstance(scaling, Mapping) or not _preserves(call, config, previous, kind):
                continue
            size = size_number(runs)
            if scaling.get("computeEnabled") is True and size is not None and is_out_of_range(size, scaling):
                yield Rejection(
                    f"{at}.{block}",
                    f"the range excludes the effective instance size (got"
                    f" {scaling.get('computeMinInstanceSize') or 'any'} to"
                    f" {scaling.get('computeMaxInstanceSize') or 'any'}, Atlas runs {runs}). Disable autoscaling"
                    " and set an instanceSize inside the range, and enable it with the range in the next update.",
                    "INVALID_ATTRIBUTE",
                )


EFFECTIVE_RULES = (_dedicated, _toggled, _oplog, _range)


def ignored_sizes(call: Call, operation: Operation) -> Iterator[str]:
    """Yield a warning for each declared size that an update changes and Atlas ignores."""
    if operation != "update" or call.this is None:
        return
    ran, declared = _configs(call.this.outputs), _configs(call.old or {})
    for (at, config, previous), (_, _, old) in zip(_updated(call, ran), _updated(call, declared), strict=True):
        for kind in EFFECTIVE:
            if not _preserves(call, _with_kept(config, previous), previous, kind):
                continue
            for field in _SCALED:
                got, had = (config.get(kind) or {}).get(field), (old.get(kind) or {}).get(field)
                if got not in (None, UNKNOWN, had):
                    yield (
                        f"{at}.{kind}.{field}: Atlas ignores the change from {had} to {got} while autoscaling is"
                        " enabled. To apply it, disable autoscaling in the same update, and enable it in the next one."
                    )
    if (call.old or {}).get("useEffectiveFields", False) != call.inputs.get("useEffectiveFields", False):
        names = {*(call.old or {}), *call.inputs} - {"useEffectiveFields"}
        if any((call.old or {}).get(name) != call.inputs.get(name) for name in names):
            yield "useEffectiveFields: MongoDB recommends to toggle it without other changes in the same update."


# --- what Atlas does ---


def autoscale(cluster: CloudResource, size: str | None, disk_gb: float | None) -> CloudResource:
    """Return a cluster after Atlas has scaled its electable and read-only nodes. Raises ValueError."""
    if size is None and disk_gb is None:
        raise ValueError("--instance-size: must be set, unless --disk-gb is (got neither). Give one of them, or both.")
    inputs, outputs = dict(cluster.inputs), dict(cluster.outputs)
    specs: list[dict[str, Any]] = []
    for spec in outputs.get("replicationSpecs") or ():
        configs = [_scaled(config, size, disk_gb) for config in spec.get("regionConfigs") or ()]
        specs.append({**spec, "regionConfigs": configs})
    if not _uses_effective_fields(inputs):  # the specs then show what runs, which differs from the program
        changed = replace(cluster, outputs={**outputs, "replicationSpecs": specs})
        specs = current(changed, declared=False)
        inputs["replicationSpecs"] = [
            {**given, "regionConfigs": list(map(_drifted, given["regionConfigs"], spec["regionConfigs"]))}
            for given, spec in zip(inputs.get("replicationSpecs") or (), specs, strict=True)
        ]
    return replace(cluster, inputs=inputs, outputs={**outputs, "replicationSpecs": specs})


def _drifted(given: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(given)
    for kind in EFFECTIVE:
        if isinstance(given.get(kind), Mapping) and kind in now:
            made[kind] = {**given[kind], **{field: now[kind][field] for field in given[kind] if field in now[kind]}}
    return made


def _scaled(config: Mapping[str, Any], size: str | None, disk_gb: float | None) -> dict[str, Any]:
    disk, compute = flags(config)
    scaling, made = config.get("autoScaling") or {}, dict(config)
    if size is not None:
        number = size_number(size)
        if not compute:
            raise ValueError(
                f"--instance-size: autoscaling of the instance size is disabled (got {size}). Enable it in the program."
            )
        if number is None or is_out_of_range(number, scaling):
            raise ValueError(
                f"--instance-size: outside the autoscaling range (got {size}). Allowed are"
                f" {scaling.get('computeMinInstanceSize') or 'any'} to {scaling.get('computeMaxInstanceSize')}."
            )
    for kind in ("electableSpecs", "readOnlySpecs"):
        runs = config.get(EFFECTIVE[kind])
        if not isinstance(runs, Mapping):
            continue
        if disk_gb is not None and not disk:
            raise ValueError(f"--disk-gb: disk autoscaling is disabled (got {disk_gb:g}). Enable it in the program.")
        if disk_gb is not None and disk_gb < (runs.get("diskSizeGb") or 0):
            raise ValueError(
                f"--disk-gb: Atlas's autoscaling never shrinks a disk (got {disk_gb:g}, has {runs['diskSizeGb']:g})."
                " Give a larger size."
            )
        changes = {"instanceSize": size, "diskSizeGb": disk_gb}
        made[EFFECTIVE[kind]] = {**runs, **{name: value for name, value in changes.items() if value is not None}}
    return made
