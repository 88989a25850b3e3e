"""The queue M/M/c: requests arrive at random, wait in one queue, and are served by the first free of c servers.

The formulas are Erlang's: https://en.wikipedia.org/wiki/M/M/c_queue (from memory). `simulate_waits` computes the same
queue request by request, which the tests compare with the formulas.
"""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

_STEPS: Final = 60
_EQUAL: Final = 1e-9


@lru_cache(maxsize=100_000)
def erlang_c(servers: int, utilization: float) -> float:
    """Return the probability that a request waits. `utilization` is the rate ÷ (servers × service rate), 0 to 1.

    Raises ValueError without servers.
    """
    if servers < 1:
        raise ValueError(f"servers: below 1 (got {servers}). Set 1 or more.")
    if utilization >= 1:
        return 1.0
    offered = servers * utilization
    blocked = 1.0  # Erlang B, by its recursion, which does not overflow
    for number in range(1, servers + 1):
        blocked = offered * blocked / (number + offered * blocked)
    return blocked / (1 - utilization * (1 - blocked))


def mean_wait(rate: float, service_rate: float, servers: int) -> float:
    """Return the mean seconds that a request waits before it is served; infinite at full utilization.

    `rate` is requests per second, and `service_rate` the requests per second that one server completes.
    """
    free = servers * service_rate - rate
    return erlang_c(servers, rate / (servers * service_rate)) / free if free > 0 else math.inf


def response_quantile(rate: float, service_rate: float, servers: int, quantile: float = 0.95) -> float:
    """Return the seconds within which a share of the requests is answered, waiting included; infinite when overloaded.

    Service times are exponential. The result is exact up to rounding.
    """
    if rate >= servers * service_rate:
        return math.inf
    waits = erlang_c(servers, rate / (servers * service_rate))
    spare = servers - 1 - rate / service_rate
    low, high = 0.0, 1.0 / service_rate
    while _slower_than(high, waits, spare, service_rate) > 1 - quantile:
        high *= 2
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _slower_than(middle, waits, spare, service_rate) > 1 - quantile:
            low = middle
        else:
            high = middle
    return high


def _slower_than(seconds: float, waits: float, spare: float, service_rate: float) -> float:
    """Return the share of requests whose wait and service take longer than this."""
    served = service_rate * seconds
    if abs(spare) < _EQUAL:
        return math.exp(-served) * (1 + waits * served)
    return math.exp(-served) * (1 + waits / spare) - waits / spare * math.exp(-served * (1 + spare))


def simulate_waits(
    rate: float, service_rate: float, servers: int, requests: int, seed: int, *, warm_up: int = 0
) -> Iterator[float]:
    """Yield the seconds that each request waits, computed request by request, without the first `warm_up`."""
    random_numbers = random.Random(seed)  # noqa: S311 (a simulation)
    exponential, replace = random_numbers.expovariate, heapq.heapreplace
    free_at = [0.0] * servers
    now = 0.0
    for number in range(requests + warm_up):
        now += exponential(rate)
        begins = max(now, free_at[0])
        replace(free_at, begins + exponential(service_rate))
        if number >= warm_up:
            yield begins - now
