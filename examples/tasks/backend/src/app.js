// The Express application of the API.

import compression from 'compression';
import express from 'express';
import helmet from 'helmet';
import { recordActivity } from './activity.js';
import { TaskCache } from './cache.js';
import { allowOrigins } from './cross-origin.js';
import { databaseIsHealthy } from './database.js';
import { notFound, respondToErrors } from './errors.js';
import { exportRoutes } from './exports.js';
import { limitRequests } from './rate-limit.js';
import { sanitizeInput } from './sanitize.js';
import { Sentry } from './sentry.js';
import { requireSession, sessionRoutes } from './sessions.js';
import { taskRoutes } from './tasks.js';

// The policy that tierup's CDN sets on responses of the API, too.
const CONTENT_SECURITY_POLICY = { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } };

/** Create the application. `lifecycle.draining` is true after SIGTERM. */
export function createApp({ settings, logger, metrics, redis, exportQueue, lifecycle }) {
  const app = express();
  app.set('trust proxy', settings.TRUSTED_PROXIES);
  app.use(logRequests(logger));
  app.use(helmet({ contentSecurityPolicy: CONTENT_SECURITY_POLICY, crossOriginResourcePolicy: { policy: 'same-site' } }));
  app.use((_request, response, next) => {
    // A client with a kept-alive connection then opens its next one to another process.
    if (lifecycle.draining) response.set('Connection', 'close');
    next();
  });

  app.get('/health', async (_request, response) => {
    const healthy = !lifecycle.draining && (await databaseIsHealthy());
    response.status(healthy ? 200 : 503).set('Cache-Control', 'no-store');
    response.json({ status: healthy ? 'healthy' : 'unhealthy', uptime: process.uptime() });
  });

  // CORS precedes the rate limit, so that the site can read a response with status 429.
  app.use(allowOrigins(settings.ALLOWED_ORIGINS));
  app.use('/api/', limitRequests(redis));
  app.use(compression());
  app.use(express.json({ limit: '100kb' }));
  app.use(sanitizeInput);

  app.use('/api', noStore, sessionRoutes(settings));
  const signedIn = [requireSession(settings), recordActivity(logger)];
  app.use('/api/tasks', signedIn, taskRoutes({ cache: new TaskCache(redis, logger), metrics }));
  app.use('/api/exports', signedIn, exportRoutes(exportQueue));

  app.use(notFound);
  Sentry.setupExpressErrorHandler(app);
  app.use(respondToErrors(logger));
  return app;
}

function noStore(_request, response, next) {
  response.set('Cache-Control', 'private, no-store');
  next();
}

function logRequests(logger) {
  return (request, response, next) => {
    const started = process.hrtime.bigint();
    response.on('finish', () => {
      const ms = Number(process.hrtime.bigint() - started) / 1e6;
      logger.info('request', {
        method: request.method,
        path: request.originalUrl.split('?')[0],
        status: response.statusCode,
        ms: Math.round(ms * 10) / 10,
        ip: request.ip,
        trace: request.get('X-Amzn-Trace-Id'),
      });
    });
    next();
  };
}
