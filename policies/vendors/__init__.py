"""Rules on monitoring vendors: Datadog, New Relic and Sentry."""
