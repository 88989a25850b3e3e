"""Rules on CloudWatch alarms, dashboards, log groups and the topics of alarms, and on external health checks."""
