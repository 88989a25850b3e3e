"""Rules on managed hosts: Render, Railway and Vercel."""
