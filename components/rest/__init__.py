"""Calls of the JSON APIs of hosts that have no maintained Pulumi package, and the base of their dynamic providers."""
