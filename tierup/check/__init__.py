"""Evaluates stacks with the policy pack's rules, for `tierup check` and `tierup explain`.

A stack is evaluated on a preview, by the pack inside the engine, or on a saved state or preview, in this process. Both
give the same report (policies/report.py). The modules here find the lines of the program that create a resource,
compare with a baseline, and write the report formats.
"""

from __future__ import annotations

from tierup.program_loader import import_path

with import_path():
    import policies  # the modules here import it by name

__all__ = ["policies"]
