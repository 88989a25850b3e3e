// Removes keys that MongoDB would read as operators ($gt) or paths (a.b) from the body and the query.
//
// The middleware of express-mongo-sanitize assigns request.query, which is read-only in Express 5, so this file uses the
// package's function instead.

import { sanitize } from 'express-mongo-sanitize';

export function sanitizeInput(request, _response, next) {
  if (request.body !== undefined) request.body = sanitize(request.body);
  Object.defineProperty(request, 'query', { value: sanitize({ ...request.query }), writable: true });
  next();
}
