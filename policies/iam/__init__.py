"""Rules on IAM: policies, roles and users."""
