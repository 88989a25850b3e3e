"""Tests of the behaviour rows of AWS."""
