// The guide's rate limit: 100 requests in 15 minutes for each client, counted in Redis for all processes together.

import { createHash } from 'node:crypto';
import { rateLimit } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';

const WINDOW_MS = 15 * 60 * 1_000;
const LIMIT = 100;

/** Return the middleware. Without `redis` each process counts on its own. */
export function limitRequests(redis) {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: LIMIT,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    // An outage of Redis must not be an outage of the API.
    passOnStoreError: true,
    message: { error: `Too many requests: ${LIMIT} in 15 minutes are allowed. Try again after Retry-After seconds.` },
    store: redis && new RedisStore({ sendCommand: scriptCommands(redis), prefix: 'rate-limit:' }),
  });
}

// The store loads its scripts once, when it is created. That fails while Redis is unavailable, and in a cluster reaches
// one node only. This function answers the loading itself, and sends the text of a script to a node that lacks it.
function scriptCommands(redis) {
  const scripts = new Map();
  return async (command, ...args) => {
    if (command === 'SCRIPT') {
      const [, text] = args;
      const hash = createHash('sha1').update(text).digest('hex');
      scripts.set(hash, text);
      return hash;
    }
    if (command !== 'EVALSHA') return redis.call(command, ...args);
    const [hash, ...rest] = args;
    try {
      return await redis.call('EVALSHA', hash, ...rest);
    } catch (error) {
      if (!error.message.startsWith('NOSCRIPT')) throw error;
      return redis.call('EVAL', scripts.get(hash), ...rest);
    }
  };
}
