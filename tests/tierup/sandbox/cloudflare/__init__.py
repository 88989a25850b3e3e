"""Tests of the Cloudflare tables."""
