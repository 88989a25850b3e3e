"""Usage-based cost: what the users of a stack cause in a month, with a low, an expected and a high value.

The assumptions of each tier are in usage.yaml; a file of the user replaces single ones. A quantity is computed from the
assumptions and from the resources that cause it, so that a stack without NAT gateways has no data through them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

import yaml

from .estimate import RULES, Line
from .prices import HOURS_A_MONTH, FreeAllowance, Price, free_allowances, prices
from .rules import PricedResource

_DEFAULTS: Final = Path(__file__).with_name("usage.yaml")
_EVERY_TIER: Final = "every"
_SECONDS: Final = HOURS_A_MONTH * 3_600
_KB_A_GB: Final = 1_000_000
_MINUTES_A_MONTH: Final = 730 * 60
_KB_PER_STREAMED_METRIC: Final = 0.4  # of a metric with four statistics in OpenTelemetry form; assumed
_BOTS: Final = "AWSManagedRulesBotControlRuleSet"

Range = tuple[float, float, float]
"""The low, the expected and the high value."""
LEVELS: Final = ("low", "expected", "high")

_UNITS: Final[Mapping[str, float]] = {
    "million": 1e6,
    "million GB-seconds": 1e6,
    "100,000": 1e5,
    "10,000": 1e4,
    "thousand": 1e3,
}
"""How many single ones the unit of a price has; other units are those of the quantity."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UsageLine:
    """The quantity and the cost of one price by usage."""

    price: Price
    quantity: Range
    """In the unit of the price, after the free allowance."""
    free: Range
    """What the free allowance covers."""

    @property
    def usd(self) -> Range:
        """The monthly cost in US dollars."""
        low, expected, high = (float(self.price.usd) * each for each in self.quantity)
        return low, expected, high

    @property
    def provider(self) -> str:
        """The provider that charges for it."""
        return "MongoDB Atlas" if self.price.key.startswith("atlas-") else "AWS"


class UsageError(ValueError):
    """A file with assumptions is not valid."""


@cache
def descriptions() -> Mapping[str, str]:
    """Return the meaning of each assumption."""
    return cast("dict[str, str]", _read(_DEFAULTS)["meaning"])


def default_usage(tier: str) -> Mapping[str, Range]:
    """Return the assumptions of a tier."""
    document = _read(_DEFAULTS)
    return {key: _range(value) for key, value in {**document[_EVERY_TIER], **document[tier]}.items()}


def read_usage(path: Path, tier: str) -> Mapping[str, Range]:
    """Return the assumptions of a tier: those in a file, and the defaults of the others. Raises UsageError and OSError.

    The file has a mapping for each tier, or `every` for all of them; a value is a number, or the list [low, expected,
    high].
    """
    try:
        document: object = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: not valid YAML (got {' '.join(str(error).split())}). Correct the file.") from error
    tiers = sorted({*_read(_DEFAULTS)} - {"meaning"})
    if not isinstance(document, dict):
        raise UsageError(f"{path}: must contain a mapping (got {type(document).__name__}). Keys: {', '.join(tiers)}.")
    found: dict[str, Range] = {**default_usage(tier)}
    given = cast("dict[Any, Any]", document)
    for part in given:
        if part not in tiers:
            raise UsageError(f"{path}: {part} is not a tier. Allowed: {', '.join(tiers)}.")
    for part in given:
        values = given[part]
        if not isinstance(values, dict):
            raise UsageError(f"{path}: {part} must be a mapping (got {values!r}). Write keys with values.")
        for key, value in cast("dict[Any, Any]", values).items():
            if key not in found:
                raise UsageError(f"{path}: {part}.{key} is not an assumption. Allowed: {', '.join(found)}.")
            checked = _checked(f"{path}: {part}.{key}", value)
            if part == tier or (part == _EVERY_TIER and key not in (given.get(tier) or {})):
                found[key] = checked
    return found


def usage_file() -> str:
    """Return the defaults of all tiers as a file, with the meaning of each assumption."""
    document = _read(_DEFAULTS)
    lines = [
        "# Assumptions of `tierup cost --usage FILE`, for a month. A value is a number, or [low, expected, high].",
        "# Missing keys have their default.",
    ]
    for part in (each for each in document if each != "meaning"):
        lines += ["", f"{part}:"]
        for key, value in document[part].items():
            lines += [f"  # {descriptions()[key]}", f"  {key}: {_text(value)}"]
    return "\n".join(lines) + "\n"


def _text(value: Any) -> str:
    """Return a value as YAML reads it: 1e+06 would be a string."""
    return f"[{', '.join(str(each) for each in value)}]" if isinstance(value, list) else str(value)


def _read(path: Path) -> Mapping[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load(path.read_text(encoding="utf-8")))


def _checked(where: str, value: object) -> Range:
    values = value if isinstance(value, list) else [value]
    numbers = [each for each in cast("list[object]", values) if isinstance(each, int | float) and each >= 0]
    if len(numbers) != len(values) or len(values) not in (1, 3) or sorted(numbers) != numbers:
        raise UsageError(
            f"{where}: not a number of 0 or more, or three in ascending order (got {value}). Write N, or "
            "[low, expected, high]."
        )
    return _range(numbers if len(numbers) == 3 else numbers[0])


def _range(value: Any) -> Range:
    if isinstance(value, list):
        low, expected, high = (float(each) for each in cast("list[float]", value))
        return low, expected, high
    return float(value), float(value), float(value)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Month:
    """One level of the assumptions, and the resources that cause the cost."""

    given: Mapping[str, float]
    program: Sequence[PricedResource]

    def __getitem__(self, key: str) -> float:
        return self.given[key]

    def of(self, type_: str) -> Sequence[PricedResource]:
        """Return the resources of a type, without `aws:`."""
        return [each for each in self.program if each.type == f"aws:{type_}"]

    @property
    def requests(self) -> float:
        """Requests to the API."""
        return self["users"] * self["apiRequestsPerUser"]

    @property
    def api_gb(self) -> float:
        """Responses of the API."""
        return self.requests * self["kbPerResponse"] / _KB_A_GB

    @property
    def site_requests(self) -> float:
        """Requests to the site."""
        return self["users"] * self["visitsPerUser"] * self["filesPerVisit"]

    @property
    def site_gb(self) -> float:
        """Responses of the site."""
        return self["users"] * self["visitsPerUser"] * self["kbPerVisit"] / _KB_A_GB

    @property
    def api_behind_cdn(self) -> bool:
        """Whether CloudFront serves the API."""
        return any(each.component == "tierup:aws:ApiDistribution" for each in self.of(_DISTRIBUTION))

    @property
    def cdn_requests(self) -> float:
        """Requests to CloudFront."""
        if not self.of(_DISTRIBUTION):
            return 0.0
        return self.site_requests + (self.requests if self.api_behind_cdn else 0)

    @property
    def log_gb(self) -> float:
        """Logs that CloudWatch takes in: of requests, of WAF, and of the network."""
        of_requests = self.requests * self["logKbPerRequest"] / _KB_A_GB
        of_waf = self.acl_requests * self["wafLogPercent"] / 100 * self["kbPerWafLog"] / _KB_A_GB
        of_network = self["flowLogGb"] if self.of("ec2/flowLog:FlowLog") else 0
        return of_requests + of_waf + of_network

    @property
    def acl_requests(self) -> float:
        """Requests that web ACLs inspect; the API may pass two of them."""
        return sum(self._inspected(acl) for acl in self.of(_ACL))

    def _inspected(self, acl: PricedResource) -> float:
        return self.site_requests if acl.parent.startswith("site") else self.requests

    @property
    def bot_requests(self) -> float:
        """Requests that Bot Control inspects."""
        return sum(self._inspected(acl) for acl in self.of(_ACL) if _has_bot_control(acl))

    @property
    def lcu_hours(self) -> float:
        """Load balancer capacity units over the hours of the month.

        The largest of new connections (25 a second), active connections (3,000 a minute) and data (1 GB an hour):
        https://aws.amazon.com/elasticloadbalancing/pricing/ (from memory)
        """
        new = self.requests / self["requestsPerConnection"] / _SECONDS
        active = new * self["secondsPerConnection"]
        return HOURS_A_MONTH * max(new / 25, active / 3_000, self.api_gb / HOURS_A_MONTH)

    @property
    def metrics(self) -> float:
        """Custom metrics: one for each metric filter, and those of Container Insights."""
        insights = sum(_has_insights(each) for each in self.of("ecs/cluster:Cluster"))
        return len(self.of("cloudwatch/logMetricFilter:LogMetricFilter")) + insights * self["insightsMetrics"]

    @property
    def task_starts(self) -> float:
        """Tasks that start, by deployments and autoscaling."""
        return self["deployments"] * self["taskStartsPerDeployment"]

    @property
    def database_gb(self) -> float:
        """Data that the database sends to the tasks."""
        return self.requests * self["kbFromDatabasePerRequest"] / _KB_A_GB

    @property
    def region_gb(self) -> float:
        """Data that AWS sends to another region: changes of the site, its recovery points, images and the cache."""
        changed = self["siteGb"] * self["siteDeployments"]
        return (
            changed * len(self.of("s3/bucketReplicationConfig:BucketReplicationConfig"))
            + changed * sum(_copies_recovery_points(plan) for plan in self.of("backup/plan:Plan"))
            + self["imageGb"] * self["deployments"] * sum(map(_destinations, self.of(_ECR_REPLICATION)))
            + self["cacheWriteGb"] * sum("nodeType" not in each.inputs for each in self.of(_REPLICATION_GROUP))
        )

    @property
    def snapshot_gb(self) -> float:
        """Snapshots of the database in its own region."""
        return self["databaseGb"] * self["databaseBackupFactor"]

    @property
    def snapshot_copies(self) -> int:
        """Further regions that have a copy of each snapshot of the database."""
        schedules = [each for each in self.program if each.type == _SCHEDULE]
        return sum(len(each.inputs.get("copySettings") or ()) for each in schedules)

    @property
    def endpoint_gb(self) -> float:
        """Data through interface endpoints: logs, and the database's. Layers of images take the gateway endpoint."""
        interfaces = [
            each for each in self.of("ec2/vpcEndpoint:VpcEndpoint") if each.inputs.get("vpcEndpointType") == "Interface"
        ]
        logs = any(str(each.inputs.get("serviceName", "")).endswith(".logs") for each in interfaces)
        database = any(each.component.startswith("tierup:atlas:") for each in interfaces)
        return (self.log_gb if logs else 0) + (self.database_gb if database else 0)


_DISTRIBUTION: Final = "cloudfront/distribution:Distribution"
_ACL: Final = "wafv2/webAcl:WebAcl"
_ECR_REPLICATION: Final = "ecr/replicationConfiguration:ReplicationConfiguration"
_REPLICATION_GROUP: Final = "elasticache/replicationGroup:ReplicationGroup"
_SCHEDULE: Final = "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"


def _copies_recovery_points(plan: PricedResource) -> bool:
    rules: Sequence[Mapping[str, Any]] = plan.inputs.get("rules") or ()
    return any(rule.get("copyActions") for rule in rules)


def _destinations(replication: PricedResource) -> int:
    """Return the number of regions to which a registry replicates its images."""
    configuration: Mapping[str, Any] = replication.inputs.get("replicationConfiguration") or {}
    rules: Sequence[Mapping[str, Any]] = configuration.get("rules") or ()
    return sum(len(rule.get("destinations") or ()) for rule in rules)


def _has_bot_control(acl: PricedResource) -> bool:
    rules: Sequence[Mapping[str, Any]] = acl.inputs.get("rules", ())
    return any(rule["statement"].get("managedRuleGroupStatement", {}).get("name") == _BOTS for rule in rules)


def _has_insights(cluster: PricedResource) -> bool:
    settings: Sequence[Mapping[str, Any]] = cluster.inputs.get("settings") or ()
    return any(each["name"] == "containerInsights" and each["value"] != "disabled" for each in settings)


_QUANTITIES: Final[Mapping[str, Callable[[_Month], float]]] = {
    "acl-requests": lambda month: month.acl_requests,
    "alb-lcu": lambda month: month.lcu_hours,
    "atlas-backup-gb": lambda month: month.snapshot_gb * (1 + month.snapshot_copies),
    "atlas-copy-gb": lambda month: month.snapshot_gb * month.snapshot_copies,
    "atlas-transfer-gb": lambda month: month.database_gb,
    "backup-gb": lambda month: month["siteGb"] * month["siteBackupFactor"] * len(month.of("backup/vault:Vault")),
    "backup-restored-gb": lambda month: month["siteGb"],
    "bot-requests": lambda month: month.bot_requests,
    "cache-snapshot-gb": lambda month: month["cacheSnapshotGb"],
    "cdn-function": lambda month: month.site_requests,
    "cdn-gb": lambda month: month.site_gb + (month.api_gb if month.api_behind_cdn else 0),
    "cdn-requests-eu": lambda month: month.cdn_requests * month["europePercent"] / 100,
    "cdn-requests-us": lambda month: month.cdn_requests * (1 - month["europePercent"] / 100),
    "email": lambda month: month["alarmEmails"],
    "endpoint-gb": lambda month: month.endpoint_gb,
    "fargate-gb": lambda month: month["scheduledTaskHours"] * 2,
    "fargate-vcpu": lambda month: month["scheduledTaskHours"],
    "files-gb": lambda month: month["sharedFilesGb"],
    "files-read-gb": lambda month: month["sharedFilesGb"] * month["fileReads"],
    "files-written-gb": lambda month: month["sharedFilesGb"] * month["fileWrites"],
    "function-gb-seconds": lambda month: month["functionCalls"] * 0.25,
    "function-requests": lambda month: month["functionCalls"],
    "image-gb": lambda month: month["imageGb"] * month["imagesKept"],
    "internet-gb": lambda month: month["outboundGb"] + (0 if month.api_behind_cdn else month.api_gb),
    "key-requests": lambda month: month["keyRequests"],
    "log-gb": lambda month: month.log_gb,
    "log-kept-gb": lambda month: month.log_gb * month["logMonthsKept"] * month["logCompressedPercent"] / 100,
    "log-query-gb": lambda month: month.log_gb * month["logQueriesPerGb"],
    "metric": lambda month: month.metrics,
    "nat-gb": lambda month: month["outboundGb"],
    "region-gb": lambda month: month.region_gb,
    "s3-gb": lambda month: month["siteGb"] * 2 + month.requests * month["kbPerAccessLog"] / _KB_A_GB,
    "s3-reads": lambda month: month.site_requests * month["cdnMissPercent"] / 100,
    "s3-writes": lambda month: month["siteDeployments"] * month["siteFiles"],
    "schedule-calls": lambda month: month["scheduledCalls"],
    "delivery-gb": lambda month: month["streamedMetrics"] * _MINUTES_A_MONTH * _KB_PER_STREAMED_METRIC / _KB_A_GB,
    "stream-updates": lambda month: month["streamedMetrics"] * _MINUTES_A_MONTH,
    "secret-requests": lambda month: month.task_starts * len(month.of("secretsmanager/secret:Secret")),
}
"""The quantity of each price by usage, in single ones, GB or hours."""


def usage_lines(
    program: Sequence[PricedResource], region: str, usage: Mapping[str, Range], *, free_tier: bool = False
) -> Sequence[UsageLine]:
    """Return the usage-based cost of a program's resources, the largest first. Raises LookupError for another region.

    `free_tier` subtracts the allowances that do not end after the first year, as if the account had no other stack.
    """
    known = prices(region)
    keys = dict.fromkeys(key for each in program if each.type in RULES for key in RULES[each.type].by_use)
    months = [
        _Month(given={key: values[level] for key, values in usage.items()}, program=program)
        for level in range(len(LEVELS))
    ]
    remaining = [_allowances() if free_tier else {} for _ in LEVELS]
    lines: list[UsageLine] = []
    for key in keys:
        unit = _UNITS.get(known[key].per, 1.0)
        used = [_QUANTITIES[key](month) / unit for month in months]
        if not any(used):
            continue  # such as copies of snapshots in a stack without any
        free = [_take(key, quantity, left) for quantity, left in zip(used, remaining, strict=True)]
        low, expected, high = (quantity - covered for quantity, covered in zip(used, free, strict=True))
        lines.append(UsageLine(price=known[key], quantity=(low, expected, high), free=(free[0], free[1], free[2])))
    return sorted(lines, key=lambda line: -line.usd[1])


def total_usd(lines: Sequence[UsageLine]) -> Range:
    """Return the sum of the lines in US dollars."""
    low, expected, high = (sum(line.usd[level] for line in lines) for level in range(len(LEVELS)))
    return low, expected, high


def free_fixed_usd(lines: Sequence[Line]) -> Decimal:
    """Return what the free allowances cover of the fixed monthly cost: alarms and dashboards."""
    quantities: defaultdict[str, Decimal] = defaultdict(Decimal)
    known: dict[str, Price] = {}
    for line in lines:
        quantities[line.price.key] += line.quantity
        known[line.price.key] = line.price
    return sum(
        (
            min(quantities[key], allowance.quantity) * known[key].usd_a_month
            for key, allowance in free_allowances().items()
            if key in known
        ),
        Decimal(),
    )


def _allowances() -> dict[str, float]:
    """Return what is left of each group's allowance, before any use."""
    return {allowance.group: float(allowance.quantity) for allowance in free_allowances().values()}


def _take(key: str, quantity: float, remaining: dict[str, float]) -> float:
    """Return what is free of a quantity, and subtract it from the allowance of its group."""
    allowance: FreeAllowance | None = free_allowances().get(key)
    if allowance is None or allowance.group not in remaining:
        return 0.0
    taken = min(quantity, remaining[allowance.group])
    remaining[allowance.group] -= taken
    return taken
