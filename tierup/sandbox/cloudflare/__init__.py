"""Cloudflare as the rehearsal cloud plays it: a file a service with a table `BEHAVIOURS`; functions in invokes.py."""
