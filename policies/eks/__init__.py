"""Rules on EKS clusters and their add-ons."""
