"""The traffic model: whether requests arrive at every moment of a change, and whether those that must not are stopped.

Its only input is the sandbox's file. Entry points:

- `evaluate(cloud, stack="")` returns a `Report` of the cloud as it is now: `served`, `failed`, `unknown`, and the
  forbidden flows that are `opened` or `closed`. Each result has the hops that decide it.
- `replay(cloud)` returns the `Timeline` of the last run (`cloud.begin_run` begins one): its operations on a virtual
  clock, the estimated time on the real clouds, and how each flow went. `Timeline.interruptions` are the times in which
  a flow did not arrive, with cause, duration and remedy.

On the command line: `tierup sandbox traffic --json`, `tierup sandbox trace --json`, `tierup sandbox timeline --json`.
"""

from __future__ import annotations

from .evaluation import Evaluator, Report, evaluate, world_of
from .timeline import Interruption, Timeline, replay

__all__ = [
    "Evaluator",
    "Interruption",
    "Report",
    "Timeline",
    "evaluate",
    "replay",
    "world_of",
]
