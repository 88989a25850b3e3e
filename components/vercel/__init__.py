"""Vercel as the host of the frontend. Importing its SDK needs the extra `vercel` of the package tierup."""
