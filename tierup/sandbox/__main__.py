"""`python -m tierup.sandbox` runs the sandbox's server."""

from .server import main

main()
