"""`python -m tierup.sandbox`: the server's own process."""

from .server import main

main()
