// Error tracking: without SENTRY_DSN the SDK is disabled, and its functions do nothing.

import * as Sentry from '@sentry/node';

/** Initialise the SDK. No performance data and no personal data are sent. */
export function initSentry(settings, service) {
  Sentry.init({
    dsn: settings.SENTRY_DSN,
    environment: settings.NODE_ENV,
    tracesSampleRate: 0,
    initialScope: { tags: { service } },
  });
}

export { Sentry };
