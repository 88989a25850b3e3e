// The cache of a user's tasks, for 300 seconds, with invalidation at each change.
//
// A key contains the version of the user's tasks, and a change replaces the version. A request that read the database
// before the change therefore stores its result below the former version, which no later request reads.

import { randomUUID } from 'node:crypto';

const SECONDS = 300;
// Longer than entries live: no entry of a time without a version remains when the version expires.
const VERSION_SECONDS = 2 * SECONDS;

export class TaskCache {
  #redis;
  #logger;

  /** `redis` may be undefined; then nothing is cached. */
  constructor(redis, logger) {
    this.#redis = redis;
    this.#logger = logger;
  }

  /** Return the cached value, or compute it and store it. `hit` says which; errors of Redis count as a miss. */
  async get(user, what, compute) {
    const key = await this.#attempt(async (redis) => {
      const version = (await redis.get(versionKey(user))) ?? 'none';
      return `tasks:{${user}}:${version}:${what}`;
    });
    const cached = key && (await this.#attempt((redis) => redis.get(key)));
    if (cached) return { hit: true, value: JSON.parse(cached) };
    const value = await compute();
    if (key) await this.#attempt((redis) => redis.set(key, JSON.stringify(value), 'EX', SECONDS));
    return { hit: false, value };
  }

  /** Invalidate all that is cached for a user. */
  async invalidate(user) {
    await this.#attempt((redis) => redis.set(versionKey(user), randomUUID(), 'EX', VERSION_SECONDS));
  }

  async #attempt(command) {
    if (this.#redis === undefined) return undefined;
    try {
      return await command(this.#redis);
    } catch (error) {
      this.#logger.warn('the cache was not used', { error: error.message });
      return undefined;
    }
  }
}

function versionKey(user) {
  return `tasks:{${user}}:version`;
}
