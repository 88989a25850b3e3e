"""The Pulumi program: read the settings, build the architecture, say what stands where."""

import sys
from pathlib import Path

import pulumi

# Pulumi starts this folder as a script, so that Python finds neither `stacks` nor `components` beside it.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from stacks import architecture
from stacks.config import model

for name, value in architecture.build(model.read()).items():
    pulumi.export(name, value)
