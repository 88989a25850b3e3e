"""Stacks of two to five resources, each with the decision of its cloud on the last one."""
