"""Lists a stack's resources as JSON: `python -m tierup.preflight.planned_program` with a request on standard input."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from tierup.mocked_program import list_configured_resources


def main() -> None:
    """Read the request, and print the resources. Values that are not known yet are null."""
    request: dict[str, Any] = json.load(sys.stdin)
    out, sys.stdout = sys.stdout, sys.stderr  # what the program prints must not mix with the answer
    found = list_configured_resources(
        request["config"], secret_keys=request["secret_keys"], project=request["project"], stack=request["stack"]
    )
    json.dump([asdict(each) for each in found], out, default=lambda _: None)


if __name__ == "__main__":
    main()
