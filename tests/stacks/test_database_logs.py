"""tierup:databaseLogExport: Atlas writes the database's logs to the stack's log bucket."""

from __future__ import annotations

from stacks.catalog.phases import Phase
from tests.stacks.deployed import deploy
from tests.stacks.test_options import errors


def test_logs_are_exported_to_the_log_bucket_in_a_deployed_stack() -> None:
    settings = {"phase": Phase.MVP.value, "tier": "small", "databaseLogExport": '["mongod", "mongod-audit"]'}
    assert deploy(settings, destroy=True) == ([], [])


def test_an_unknown_log_is_rejected() -> None:
    assert "databaseLogExport" in next(iter(errors(databaseLogExport='["oplog"]')))
