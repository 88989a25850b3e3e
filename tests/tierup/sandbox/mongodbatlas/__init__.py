"""Tests of the Atlas tables."""
