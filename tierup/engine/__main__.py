"""`python -m tierup.engine`: get the engine and print where it is. What `make` calls."""

from __future__ import annotations

import sys

from tierup.engine.engine import EngineError
from tierup.engine.finding import find_or_install
from tierup.engine.progress import on_console


def main() -> int:
    """Return 0 with the engine's path and version on standard output, or 1 with what to do on standard error."""
    try:
        with on_console() as say:
            engine = find_or_install(say)
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"Pulumi {engine.version} ({engine.path})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
