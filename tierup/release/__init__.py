"""Releases: deploys one image without any other change, lists releases, and returns to an earlier one."""
