"""`tierup switch`: changes tier, phase and other settings of a stack in steps that are safe one by one.

`planner` makes the steps from the order rules of the program, `effects` describes what a step does to resources,
`planned_effects` does so for a whole plan, `journal` records the progress in the stack's tags, `runner` carries the
steps out, and `plan_output` prints a plan.
"""
