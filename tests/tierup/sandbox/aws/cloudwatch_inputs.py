"""Inputs of CloudWatch resources for the tests."""

from __future__ import annotations

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
