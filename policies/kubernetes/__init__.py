"""Rules for objects of Kubernetes."""
