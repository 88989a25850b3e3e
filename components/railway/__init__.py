"""Railway as the host of the backend, through its GraphQL API: it has no maintained Pulumi package for Python."""
