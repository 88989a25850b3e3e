"""The entry point with which the engine starts the pack: `python -m pulumi.policy ENGINE_ADDRESS THIS_FOLDER`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def serve() -> None:
    """Serve the pack until the engine stops it. Exits with an error message when its exceptions file is invalid."""
    # The engine runs this folder as a script, with the folder itself first on the path. There its modules would not be
    # a package, and could hide other modules of the same names. The parent folder takes its place: a checkout's root,
    # or a wheel's program folder.
    sys.path[0] = str(FOLDER.parent)
    registry = import_module(f"{FOLDER.name}.registry")
    exceptions = import_module(f"{FOLDER.name}.exceptions")
    server = import_module(f"{FOLDER.name}.server")

    # The engine starts the pack in the program's folder.
    project = server.project_folder(Path.cwd())
    try:
        reviewed = exceptions.of_project(project, rules=registry.RULES, today=datetime.now(UTC).date())
    except exceptions.ExceptionsError as error:
        sys.exit(f"policy pack {server.PACK}: {error}")
    server.serve(server.Pack(registry.RULES, reviewed, project))


if __name__ == "__main__":
    serve()
