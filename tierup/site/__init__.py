"""Releases of the site: upload to its bucket, publication, rollback, and the cache of the CDN."""
