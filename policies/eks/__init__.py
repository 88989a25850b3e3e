"""Rules for EKS clusters and their add-ons."""
