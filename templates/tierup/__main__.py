"""Runs tierup's Pulumi program. The settings of this project's stacks are in Pulumi.<stack>.yaml."""

from tierup.program_loader import run

run()
