"""`tierup check` and `tierup explain`: the policy pack's rules, and how a stack stands against them.

A stack is judged on a preview, by the pack inside the engine, or on what Pulumi wrote down of it, in this process. Both
give the same report (policies/report.py); what is here finds the lines of the program, compares with a baseline, and
writes the formats.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path


def _find_the_rules() -> None:
    """A checkout has `policies` beside `tierup`. A wheel carries it below tierup/program, which is on no path."""
    program = Path(__file__).parents[1] / "program"
    if program.is_dir() and "policies" not in sys.modules:
        sys.path.insert(0, str(program))
        try:
            import_module("policies")
        finally:
            sys.path.remove(str(program))


_find_the_rules()
