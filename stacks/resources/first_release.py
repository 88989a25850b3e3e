"""The placeholders until the first deployment: a service that answers its health check, and an index page.

Without them the first `up` would fail, because it would wait for tasks of an image that does not exist yet.
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
"""The command of versions.PLACEHOLDER_IMAGE. Its keep-alive is longer than the load balancer's idle timeout of 60 s,
because the load balancer answers 502 when a target closes an idle connection first."""

WORKER_COMMAND: Final = ("node", "-e", "const t=setInterval(()=>{},1e9);process.on('SIGTERM',()=>clearInterval(t))")
"""Waits until SIGTERM."""

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
<p>The site is ready. Build the frontend with VITE_API_URL set to the stack output vite_api_url,
and copy it to the bucket in the stack output site_bucket.</p>
</body>
</html>
"""
