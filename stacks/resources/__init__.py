"""The parts of the architecture, one file for each. A part passes settings and sizes to components."""
