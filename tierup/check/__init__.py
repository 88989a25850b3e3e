"""`tierup check` and `tierup explain`: the policy pack's rules, and how a stack stands against them.

A stack is judged on a preview, by the pack inside the engine, or on what Pulumi wrote down of it, in this process. Both
give the same report (policies/report.py); what is here finds the lines of the program, compares with a baseline, and
writes the formats.
"""

from __future__ import annotations

import sys
from pathlib import Path

# A checkout has `policies` beside `tierup`, a wheel below tierup/program. Last on the path, it hides nothing.
_PROGRAM = Path(__file__).parents[1] / "program"
if _PROGRAM.is_dir() and str(_PROGRAM) not in sys.path:
    sys.path.append(str(_PROGRAM))
