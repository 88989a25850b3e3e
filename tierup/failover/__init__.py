"""`tierup failover`: moves the data role and the traffic of a stack to another of its regions."""
