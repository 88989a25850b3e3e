"""Small programs as users of AWS, MongoDB Atlas and Cloudflare write them, run on the sandbox without an engine.

Each file of `accepted` is a program that the real clouds accept. Each file of `rejected` contains one mistake; its
first line states a part of the expected error.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ..docstrings.examples import run_program

_FOLDER = Path(__file__).parent
ACCEPTED = sorted((_FOLDER / "accepted").glob("*.py"))
REJECTED = sorted((_FOLDER / "rejected").glob("*.py"))
_IN_EVERY_RUN = frozenset(
    {
        *("alb_module", "archived_images", "bucket_v2", "instance_in_a_28", "missing_log_group", "name_prefix"),
        *("outputs_by_schema", "policy_object", "private_dns_namespace", "relative_record_names", "upserted_records"),
    }
)
"""Programs with facts that once were wrong in the sandbox. `make test` runs them, `make exhaustive` the others."""


def _name(path: Path) -> str:
    return path.stem


def _rejection(path: Path) -> str:
    result = run_program(path.read_text())
    assert result.runs, result.reason
    return "" if result.accepted else result.reason


@pytest.mark.parametrize("path", [path for path in ACCEPTED if path.stem in _IN_EVERY_RUN], ids=_name)
def test_program_that_once_failed_is_accepted(path: Path) -> None:
    assert _rejection(path) == ""


@pytest.mark.exhaustive
@pytest.mark.parametrize("path", [path for path in ACCEPTED if path.stem not in _IN_EVERY_RUN], ids=_name)
def test_program_is_accepted(path: Path) -> None:
    assert _rejection(path) == ""


@pytest.mark.parametrize("path", REJECTED, ids=_name)
def test_program_with_a_mistake_is_rejected_with_the_reason(path: Path) -> None:
    heading, _, _ = path.read_text().partition("\n")
    expected = heading.removeprefix("# Rejected: ")
    assert expected != heading
    assert expected in _rejection(path)
