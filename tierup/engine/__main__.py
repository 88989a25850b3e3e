"""`python -m tierup.engine`: get the engine and print where it is. What `make` calls."""

from __future__ import annotations

import sys

from tierup.engine.discovery import find_or_install
from tierup.engine.engine import EngineError
from tierup.engine.progress import console_progress


def main() -> int:
    """Return 0 with the engine's path and version on standard output, or 1 with what to do on standard error."""
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
