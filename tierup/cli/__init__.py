"""The `tierup` command: one file for each group of commands, and `app.py`, which puts them together.

Modules here import nothing heavier than typer at the top. A command imports what it uses inside its function, so that
`tierup --help` and shell completion answer at once.
"""
