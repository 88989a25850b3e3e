"""Writes the table of limits that the description of the Atlas Administration API states."""
