"""`python -m tierup.engine` finds or installs the engine and prints its path; `make engine` runs it."""

from __future__ import annotations

import sys

from tierup.engine.discovery import find_or_install
from tierup.engine.engine import EngineError
from tierup.engine.progress import console_progress


def main() -> int:
    """Print the engine's version and path and return 0, or print the error and its remedy and return 1."""
    try:
        with console_progress() as notify:
            engine = find_or_install(notify)
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"Pulumi {engine.version} ({engine.path})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
