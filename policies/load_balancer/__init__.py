"""Rules on application load balancers and their listeners."""
