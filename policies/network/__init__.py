"""Rules on VPCs: who may reach what, where things stand, what is logged."""
