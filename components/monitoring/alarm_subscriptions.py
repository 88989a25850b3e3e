"""Further subscribers of an alarm topic: e-mail addresses and HTTPS endpoints such as PagerDuty's.

Creates one aws.sns.TopicSubscription for each. SNS sends an e-mail address a confirmation link, and delivers nothing
until it is confirmed. An endpoint must confirm the subscription automatically, as the integrations of PagerDuty,
Opsgenie and Splunk On-Call for CloudWatch do: the provider waits a minute for it, and fails if the endpoint does not.
https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html (read 2026-11-28) and the resource
aws_sns_topic_subscription of terraform-provider-aws (endpoint_auto_confirms, read 2026-11-28).

Checklist: monitoring (notifications).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws
from pulumi import Input, ResourceOptions


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmSubscriptionsArgs:
    """Arguments of AlarmSubscriptions."""

    topic_arn: Input[str]
    """ARN of the topic."""
    emails: Sequence[str] = ()
    """E-mail addresses."""
    webhooks: Mapping[str, Input[str]] = field(default_factory=dict[str, Input[str]])
    """HTTPS URLs by name. A URL contains the key of its integration, so it is treated as a secret."""
    region: str | None = None
    """Region of the topic; None is the provider's region."""

    def __post_init__(self) -> None:
        wrong = [email for email in self.emails if "@" not in email.strip("@")]
        if wrong:
            raise ValueError(f"emails: not e-mail addresses (got {', '.join(map(repr, wrong))}). Give addresses.")
        if len(set(self.emails)) < len(self.emails):
            raise ValueError(f"emails: an address is listed twice (got {', '.join(self.emails)}). Give each once.")


class AlarmSubscriptions(pulumi.ComponentResource):
    """The subscriptions of one topic."""

    def __init__(self, name: str, args: AlarmSubscriptionsArgs, opts: ResourceOptions | None = None) -> None:
        super().__init__("tierup:aws:AlarmSubscriptions", name, None, opts)
        child = ResourceOptions(parent=self)
        for email in args.emails:
            # The address is part of the name, so that a removed address replaces no other subscription.
            aws.sns.TopicSubscription(
                f"{name}-{email}",
                topic=args.topic_arn,
                protocol="email",
                endpoint=email,
                region=args.region,
                opts=child,
            )
        for key, url in args.webhooks.items():
            aws.sns.TopicSubscription(
                f"{name}-{key}",
                topic=args.topic_arn,
                protocol="https",
                endpoint=pulumi.Output.secret(url),
                endpoint_auto_confirms=True,
                region=args.region,
                opts=child,
            )
        self.register_outputs({})
