"""`make test-kubernetes`: a Kubernetes API server on this machine, without containers, and Pulumi's provider for it."""
