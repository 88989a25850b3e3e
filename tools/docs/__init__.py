"""Generators of the documentation: tables, component pages, costs, and the JSON Schema of policy config files."""
