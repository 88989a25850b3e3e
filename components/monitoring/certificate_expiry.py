"""The alarm on a certificate that ACM did not renew.

This module creates no resources; Alarms creates the alarm in the certificate's region. ACM renews a certificate with
DNS validation 60 days before it expires and publishes DaysToExpiry until then, so 30 days mean that the renewal fails.
https://docs.aws.amazon.com/acm/latest/userguide/cloudwatch-metrics.html (read 2026-11-28)

Checklist: monitoring, HTTPS enforced.
"""

from __future__ import annotations

from pulumi import Input

from components.monitoring.alarms import Alarm, TreatMissingData
from components.monitoring.metric import Metric

_RENEWAL_DAYS = 60


def certificate_expiry(certificate_arn: Input[str], *, days: int = 30) -> Alarm:
    """Return the alarm that fires when a certificate expires in less than `days`, 1 to 59. Raises ValueError."""
    if not 1 <= days < _RENEWAL_DAYS:
        raise ValueError(
            f"days: outside the time after ACM's renewal (got {days}). Give 1 to {_RENEWAL_DAYS - 1}, because ACM "
            f"renews {_RENEWAL_DAYS} days before the expiry."
        )
    metric = Metric(
        namespace="AWS/CertificateManager",
        name="DaysToExpiry",
        dimensions={"CertificateArn": certificate_arn},
        statistic="Minimum",
    )
    return Alarm(
        summary=f"A certificate expires in less than {days} days; ACM did not renew it.",
        action="Open the certificate in ACM and compare its validation records with DNS. A record that was deleted or"
        " changed prevents the renewal; restore it.",
        metrics={"days": metric},
        comparison="<",
        threshold=days,
        treat_missing_data=TreatMissingData.MISSING,
        period_seconds=86_400,
    )
