"""AWS as the rehearsal cloud plays it: a file a service, each with a table `BEHAVIOURS`; functions in invokes.py."""
