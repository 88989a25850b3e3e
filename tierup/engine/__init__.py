"""Finds, installs or builds the Pulumi CLI (the engine).

    engine = find_or_install(print)
    subprocess.run([engine.path, "preview"], env={**os.environ, **engine.environment()})

The sources in order: `pulumi` on PATH, the cache of earlier runs, the official installer, and a build from the Go
module proxy. See `tierup.engine.discovery`.
"""

from tierup.engine.discovery import find_or_install
from tierup.engine.engine import Engine, EngineError

__all__ = ["Engine", "EngineError", "find_or_install"]
