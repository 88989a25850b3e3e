"""The Python examples of the SDKs' docstrings on the sandbox: which are accepted, and why others are not.

`expected.py` lists each example that the sandbox rejects, with the reason. An example that an SDK adds or changes, and
that is rejected for another reason, fails the test: it is a false rejection, or belongs into the list.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .examples import Example, examples, rows, run
from .expected import REJECTED

SAMPLE = (
    "aws:cloudfront/cachePolicy:CachePolicy",
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    "aws:elasticache/subnetGroup:SubnetGroup",
    "aws:kms/key:Key",
    "aws:route53/zone:Zone",
    "aws:sns/topic:Topic",
    "aws:wafv2/ipSet:IpSet",
    "cloudflare:index/tieredCache:TieredCache",
    "mongodbatlas:index/auditing:Auditing",
)


def _check(types: list[str]) -> Iterator[str]:
    """Yield the examples whose outcome differs from the expected one, each with the outcome."""
    for example in (each for type in types for each in examples(type)):
        difference = _difference(example)
        if difference:
            yield f"{example.id}: {difference}"


def _difference(example: Example) -> str:
    result, expected = run(example), REJECTED.get(example.id)
    if "error in the sandbox" in result.reason:
        return result.reason
    if not result.runs:
        return ""  # a fragment that Python or another provider cannot run
    if result.accepted:
        return f"accepted (expected {expected})" if expected else ""
    if expected is None or expected not in result.reason:
        return f"rejected: {result.reason}"
    return ""


def test_examples_of_a_sample_have_the_expected_outcome() -> None:
    assert set(SAMPLE) <= set(rows())
    assert list(_check(list(SAMPLE))) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("service", sorted({type.partition("/")[0] for type in rows()}))
def test_examples_have_the_expected_outcome(service: str) -> None:
    assert list(_check([type for type in rows() if type.startswith(f"{service}/")])) == []


def test_expected_rejections_are_of_existing_types() -> None:
    known = {(type.partition("/")[0], type.rpartition(":")[2]) for type in rows()}
    listed = {(name.rpartition(":")[0], name.rpartition(":")[2].rpartition("-")[0]) for name in REJECTED}
    assert listed <= known
