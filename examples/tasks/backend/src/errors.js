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
    if (error instanceof HttpError) {
      response.status(error.status).json({ error: error.message, details: error.details });
      return;
    }
    if (error.status >= 400 && error.status < 500) {
      response.status(error.status).json({ error: 'The request is not valid.' }); // Express could not read it
      return;
    }
    logger.error('the request failed', { path: request.path, error: error.message, stack: error.stack });
    response.status(500).json({ error: 'Internal error.' });
  };
}
