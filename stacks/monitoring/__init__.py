"""Alarms, dashboards and business metrics of a stack, and alarms on its scheduled maintenance."""
