"""One building block a file. Each takes ids and ARNs and knows nothing of the others: `stacks` wires them."""
