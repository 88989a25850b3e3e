"""Amazon EKS: the cluster in Auto Mode, access to its API, add-ons, roles of pods, their network and their targets.

The Kubernetes version and the versions of the add-ons are in `stacks/catalog/versions.py`.
"""
