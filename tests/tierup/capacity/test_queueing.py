"""The queue M/M/c: the formulas against published values, and the simulation against the formulas."""

from __future__ import annotations

import math

import pytest

from tierup.capacity.queueing import erlang_c, mean_wait, response_quantile, simulate_waits

REQUESTS = 500_000


@pytest.mark.parametrize(
    ("servers", "utilization", "expected"),
    [
        (1, 0.5, 0.5),  # M/M/1: the utilization
        (2, 0.75, 0.6428571),  # a²/(2 + a) with a = 1.5
        (5, 0.8, 0.5541126),
        (3, 0.0, 0.0),
        (3, 1.0, 1.0),
        (500, 0.5, 0.0),
    ],
)
def test_probability_of_waiting_is_erlangs(servers: int, utilization: float, expected: float) -> None:
    assert erlang_c(servers, utilization) == pytest.approx(expected, abs=1e-6)


def test_probability_of_waiting_needs_a_server() -> None:
    with pytest.raises(ValueError, match=r"servers: below 1 \(got 0\)"):
        erlang_c(0, 0.5)


def test_mean_wait_of_one_server_is_that_of_m_m_1() -> None:
    assert mean_wait(8, 10, 1) == pytest.approx(0.8 / 2)


def test_an_overloaded_queue_has_no_finite_wait() -> None:
    assert mean_wait(10, 10, 1) == math.inf
    assert response_quantile(10, 10, 1) == math.inf


def test_response_of_one_server_is_exponential() -> None:
    assert response_quantile(8, 10, 1) == pytest.approx(-math.log(0.05) / 2)


def test_response_without_waiting_is_the_service_time() -> None:
    assert response_quantile(0.001, 10, 4) == pytest.approx(-math.log(0.05) / 10, rel=1e-6)


@pytest.mark.parametrize(
    ("servers", "utilization", "seed"),
    [(1, 0.5, 2), (4, 0.6, 2), (10, 0.7, 3)],
)
def test_simulated_waits_are_within_2_percent_of_erlang_c(servers: int, utilization: float, seed: int) -> None:
    _check_waits(servers, utilization, seed, REQUESTS)


@pytest.mark.exhaustive
@pytest.mark.parametrize("servers", [1, 2, 4, 10, 40])
@pytest.mark.parametrize("utilization", [0.3, 0.5, 0.7, 0.8])
def test_simulated_waits_are_within_2_percent_everywhere(servers: int, utilization: float) -> None:
    if erlang_c(servers, utilization) < 0.05:
        pytest.skip("Few requests wait, so that the sample is too small.")
    _check_waits(servers, utilization, 1, 3_000_000)


def _check_waits(servers: int, utilization: float, seed: int, requests: int) -> None:
    rate = servers * utilization * 20
    count = waited = 0
    total = 0.0
    for wait in simulate_waits(rate, 20, servers, requests, seed, warm_up=2_000):
        count += 1
        waited += wait > 0
        total += wait
    assert count == requests
    assert total / requests == pytest.approx(mean_wait(rate, 20, servers), rel=0.02)
    assert waited / requests == pytest.approx(erlang_c(servers, utilization), rel=0.02)


def test_simulated_waits_repeat_with_the_same_seed() -> None:
    once, again, other = (list(simulate_waits(30, 20, 2, 500, seed)) for seed in (1, 1, 2))
    assert once == again
    assert once != other
