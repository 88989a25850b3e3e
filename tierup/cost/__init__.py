"""List prices, what each resource type costs, estimates of a stack, and the difference between two estimates."""
