"""Component resources, one per file. Components take ids and ARNs and never import one another; `stacks` wires them.

Programs of users import them through `tierup/components/`, which is the public API.
"""
