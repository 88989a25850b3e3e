"""MongoDB Atlas as the rehearsal cloud plays it: a file a service with a table `BEHAVIOURS`; lookups in invokes.py."""
