"""The example pack, with three rules of the policy pack on Pulumi's policy SDK, on the real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine.sandbox_stack import CreateStack
from tests.engine.test_policies_on_engine import Evaluated
from tests.policies.test_outside import outside

pytestmark = pytest.mark.engine
PACK = str(Path("examples/custom-pack").resolve())


def test_the_example_pack_reports_its_three_rules_at_its_levels(create_stack: CreateStack) -> None:
    evaluated = Evaluated(create_stack().preview, outside("faulty"), pack=PACK)
    assert evaluated.outcome.error
    assert evaluated.reported("mandatory") == {"CACHE-001", "ALB-001"}
    assert evaluated.reported("advisory") == {"S3-001"}


def test_the_example_pack_reports_nothing_on_a_compliant_program(create_stack: CreateStack) -> None:
    evaluated = Evaluated(create_stack().preview, outside("clean"), pack=PACK)
    assert not evaluated.outcome.error
    assert evaluated.reported("mandatory") | evaluated.reported("advisory") == set()
