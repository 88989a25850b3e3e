"""Schedule expressions, time zones and maintenance windows, which several services share. No resources."""
