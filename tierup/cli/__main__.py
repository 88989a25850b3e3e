"""`python -m tierup.cli` runs the `tierup` command."""

from tierup.cli.app import main

main()
