"""The thresholds of the production scaling guide: "Key Metrics to Monitor" and the rate limit."""

from __future__ import annotations

from typing import Final

P95_SECONDS: Final = 0.5  # "Response time (p95 < 500ms)"
ERROR_PERCENT: Final = 0.1  # "Error rate (< 0.1%)"
CPU_PERCENT: Final = 70.0  # "CPU usage (< 70%)"
MEMORY_PERCENT: Final = 80.0  # "Memory usage (< 80%)"
DISK_PERCENT: Final = 75.0  # "Disk usage (< 75%)"
SLOW_QUERY_MS: Final = 100  # "Query execution time (< 100ms)"

REQUESTS_PER_WINDOW: Final = 100  # rateLimit({max: 100}) on /api/, per client ...
RATE_LIMIT_WINDOW_SECONDS: Final = 15 * 60  # ... and windowMs
