"""The components for Pulumi programs of others: one module for each service, such as `tierup.components.vpc`.

    from tierup.components.vpc import Network, NetworkArgs

docs/how-to/use-components-in-your-program.md states what stays stable. Other modules of tierup are not part of the API.
"""
