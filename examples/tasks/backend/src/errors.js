// Errors as responses: { error, details? } with a status.

import { isDatabaseUnavailable } from './database.js';

const RETRY_SECONDS = 5;

/** An error that the client may read. */
export class HttpError extends Error {
  name = 'HttpError';

  constructor(status, message, details) {
    super(message);
    this.status = status;
    this.details = details;
  }
}

export function notFound() {
  throw new HttpError(404, 'Not found.');
}

/** Return the last middleware. It logs server errors, whose message the client does not get. */
export function respondToErrors(logger) {
  // Express recognises error handlers by their four parameters.
  return (error, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (isDatabaseUnavailable(error)) {
      logger.error('the database is not available', { path: request.path, error: error.message });
      response.status(503).set('Retry-After', String(RETRY_SECONDS));
      response.json({ error: 'The database is not available. Try again later.' });
      return;
    }
    const status = error.status >= 400 && error.status < 500 ? error.status : 500;
    if (status === 500) logger.error('the request failed', { path: request.path, error: error.message, stack: error.stack });
    response.status(status).json({
      error: error instanceof HttpError ? error.message : status === 500 ? 'Internal error.' : 'The request is not valid.',
      ...(error instanceof HttpError && error.details ? { details: error.details } : {}),
    });
  };
}
