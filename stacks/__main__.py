"""The Pulumi program: read the settings, create the resources, export the stack outputs."""

import sys
from pathlib import Path

import pulumi

# Pulumi runs this folder as a script, so the project folder with `stacks` and `components` is not on the path.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from stacks import architecture, change_guard
from stacks.config import reading

settings = reading.read()
change_guard.check_change(settings)
for name, value in architecture.create(settings).items():
    pulumi.export(name, value)
