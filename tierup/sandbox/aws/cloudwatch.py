"""CloudWatch: names that its modules share."""

from __future__ import annotations
