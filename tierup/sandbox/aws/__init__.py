"""Behaviour rows of AWS. Each module covers one service, or part of one, and lists its rows in `BEHAVIOURS`."""
