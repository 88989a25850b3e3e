"""The sandbox's Kubernetes API: one file for each group of kinds with a table `BEHAVIOURS`."""
