"""Component resources, one per file. Components take ids and ARNs and never import one another; `stacks` wires them."""
