"""What runs and what is shown until the first deployment: a service that answers its health check, and a first page.

Without them a first `up` would wait for tasks of an image that nobody has pushed yet, and fail.
"""

from __future__ import annotations

from typing import Final

SERVICE_COMMAND: Final = (
    "node",
    "-e",
    "const s=require('http').createServer((q,r)=>{r.setHeader('content-type','application/json');"
    "r.end(JSON.stringify({status:'healthy',uptime:process.uptime(),note:'no image yet, see tierup:image'}))});"
    "s.keepAliveTimeout=65000;s.listen(+process.env.PORT);process.on('SIGTERM',()=>s.close(()=>process.exit(0)))",
)
"""A command for versions.FIRST_IMAGE. Idle connections outlive the load balancer's 60 s, else it answers 502."""

WORKER_COMMAND: Final = ("node", "-e", "const t=setInterval(()=>{},1e9);process.on('SIGTERM',()=>clearInterval(t))")
"""Waits, and ends when it is asked to."""

PAGE: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ready for its first build</title>
</head>
<body>
<h1>Ready for its first build</h1>
<p>The site stands. Build the frontend with VITE_API_URL set to the stack's output vite_api_url,
and copy it into the bucket that the output site_bucket names.</p>
</body>
</html>
"""
