"""The sandbox's Cloudflare: one file per service with a table `BEHAVIOURS`; the functions are in invokes.py."""
