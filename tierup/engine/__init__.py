"""The Pulumi CLI (the engine): found, installed or built, and described.

    engine = find_or_install(print)
    subprocess.run([engine.path, "preview"], env={**os.environ, **engine.environment()})

Where it comes from, in this order: `pulumi` on PATH, what an earlier run put into the cache, the official installer,
and at last a build from the Go module proxy. See `tierup.engine.discovery`.
"""

from tierup.engine.discovery import find_or_install
from tierup.engine.engine import Engine, EngineError

__all__ = ["Engine", "EngineError", "find_or_install"]
