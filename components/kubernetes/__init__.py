"""Kubernetes: namespaces, workloads, their autoscaling and their connection to a load balancer."""
