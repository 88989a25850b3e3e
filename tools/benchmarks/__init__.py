"""`make bench`: what tierup adds to the engine, and what the sandbox, the policies and the traffic model cost."""
