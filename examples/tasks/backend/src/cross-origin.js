// CORS for the origins in ALLOWED_ORIGINS, with credentials. Other origins get no CORS header.

import cors from 'cors';

/** Return the middleware. */
export function allowOrigins(origins) {
  const allowed = {
    origin: true,
    credentials: true,
    exposedHeaders: ['RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Cache'],
    maxAge: 600,
  };
  const handle = cors((request, callback) => {
    callback(null, origins.includes(request.get('Origin')) ? allowed : { origin: false });
  });
  return (request, response, next) => {
    response.vary('Origin'); // also for a response without CORS headers, which a shared cache may store
    handle(request, response, next);
  };
}
