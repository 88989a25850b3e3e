"""Rules on IAM: who may do what."""
