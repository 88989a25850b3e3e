"""Who is notified by Datadog: handles in the message of a monitor."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# @user@example.com, @slack-workspace-channel, @pagerduty-service, @webhook-name:
# https://docs.datadoghq.com/monitors/notify/#notifications (from memory)
_HANDLE = re.compile(r"@[A-Za-z0-9._%+@-]{2,}")


@dataclass(frozen=True, kw_only=True, slots=True)
class DatadogRecipients:
    """The handles of each severity."""

    page: Sequence[str]
    """Handles that are notified if users are affected now, such as @pagerduty-shop."""
    ticket: Sequence[str]
    """Handles that are notified otherwise, such as @ops@example.com."""

    def __post_init__(self) -> None:
        for argument, handles in (("page", self.page), ("ticket", self.ticket)):
            wrong = [handle for handle in handles if not _HANDLE.fullmatch(handle)]
            if wrong or not handles:
                raise ValueError(
                    f"{argument}: no handles of Datadog (got {', '.join(wrong) or 'none'}). Give one or more that "
                    "begin with @, such as @ops@example.com or @slack-shop-alerts."
                )

    def message(self, text: str, *, urgent: bool) -> str:
        """Return the message of a monitor: the text, and the handles of its severity."""
        return f"{text}\n\n{' '.join(self.page if urgent else self.ticket)}"
