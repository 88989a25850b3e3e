"""`make bench`: what tierup costs on top of the bare engine, how fast the sandbox is, and what the policies add."""
