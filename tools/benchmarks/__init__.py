"""`make bench`: what tierup adds to the engine, the sandbox's speed, and what the policies and the traffic model add."""
