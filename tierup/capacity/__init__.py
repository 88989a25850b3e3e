"""`tierup capacity`: what a number of users needs, and a simulation of the stack's autoscaling under load."""
