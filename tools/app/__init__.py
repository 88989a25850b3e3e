"""`make app` and `make load`: the sample application of examples/tasks on this machine, without Docker."""
