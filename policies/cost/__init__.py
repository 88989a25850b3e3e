"""Rules on what a stack costs: budgets, tags and regions. List prices are in `tierup/cost`."""
