"""The Pulumi CLI (the engine): found, installed or built, and described.

    engine = find_or_install(print)
    subprocess.run([engine.path, "preview"], env={**os.environ, **engine.environment()})

Where it comes from, in this order: `pulumi` on PATH, what an earlier run put into the cache, the official installer,
and at last a build from the Go module proxy. See `tierup.engine.finding`.
"""

from tierup.engine.engine import Engine, EngineError
from tierup.engine.finding import find_or_install

__all__ = ["Engine", "EngineError", "find_or_install"]
