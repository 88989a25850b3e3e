"""Tests of the AWS tables."""
