"""The Pulumi program. `__main__.py` reads the settings and creates the parts that `architecture.py` lists.

Where a value comes from: `config` has the settings of a stack and their defaults, `catalog` the values that all stacks
share (sizes of each tier, features of each phase, versions, thresholds). `resources` and `monitoring` pass them to the
components.
"""
