// The connection to MongoDB.

import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import './models.js';

const RETRY_MS = 2_000;
const PING_TIMEOUT_MS = 1_000;

/**
 * Connect, and try again until it succeeds or `signal` aborts. The driver reconnects after that.
 *
 * Until then queries fail at once instead of waiting, because bufferCommands is false.
 */
export async function connectDatabase(settings, logger, signal) {
  mongoose.set('sanitizeFilter', true);
  while (!signal?.aborted) {
    try {
      await mongoose.connect(settings.MONGODB_URI, {
        bufferCommands: false,
        // `tierup indexes` creates the indexes of a deployed database: a build at the start of each task would compete
        // with requests.
        autoIndex: settings.NODE_ENV !== 'production',
        serverSelectionTimeoutMS: 3_000,
        socketTimeoutMS: 10_000,
      });
      logger.info('connected to the database');
      return;
    } catch (error) {
      logger.error('the database is not available', { error: error.message });
      await mongoose.disconnect().catch(() => {});
      await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
}

/** Return whether the database answers within a second. */
export async function databaseIsHealthy() {
  if (mongoose.connection.readyState !== 1) return false;
  const timeout = sleep(PING_TIMEOUT_MS, false, { ref: false });
  const ping = mongoose.connection.db.command({ ping: 1 }).then(() => true, () => false);
  return Promise.race([ping, timeout]);
}

/** Return whether an error means that the database is unavailable, so that a later attempt may succeed. */
export function isDatabaseUnavailable(error) {
  return (
    /^(MongoNetwork|MongoServerSelection|MongooseServerSelection|MongoNotConnected|MongoTopologyClosed|MongoPoolCleared)/.test(error?.name) ||
    (error?.name === 'MongooseError' && /initial connection|buffer/i.test(error.message))
  );
}
