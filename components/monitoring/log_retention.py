"""The retention periods that CloudWatch Logs supports."""

from __future__ import annotations

# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html; read as
# RetentionDays of aws-cdk-lib 2.275.0 (2026-11-24)
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180),
    *(365, 400, 545, 731, 1096, 1827),
    *(2192, 2557, 2922, 3288, 3653),
)


def check_retention(argument: str, days: int) -> None:
    """Raise ValueError unless CloudWatch supports `days`. 0 (never expire) is rejected too, because its cost only
    grows."""
    if days not in RETENTION_DAYS:
        allowed = ", ".join(str(choice) for choice in RETENTION_DAYS)
        raise ValueError(f"{argument}: not a retention period of CloudWatch Logs (got {days}). Use one of {allowed}.")
