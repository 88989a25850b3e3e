"""CloudWatch alarms, dashboards and metrics, Route 53 health checks and AWS Budgets.

The alarms of a stack are in `stacks/monitoring`, their thresholds in `stacks/catalog/thresholds.py`. The setting
`log_retention_days` (stacks/config/model.py) states how long logs are kept; `log_retention` has the allowed values.
"""
