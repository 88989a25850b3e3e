"""The hops of a flow: small functions over the sandbox's rows, one file for each area.

Each returns a `Hop`, some with what later hops need. None changes a row.
"""
