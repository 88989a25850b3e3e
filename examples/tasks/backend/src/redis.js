// Connections to Redis or Valkey, a single node or a cluster.

import { Cluster, Redis } from 'ioredis';

/** Fails a command at once while the connection is down, so that requests continue without the cache. */
const FAIL_FAST = { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 500, connectTimeout: 2_000 };

/** Waits for the connection, as BullMQ's workers need. */
const WAIT = { maxRetriesPerRequest: null };

/** Return the connection for requests, or undefined without REDIS_URL. */
export function connectRedis(settings, logger) {
  return connect(settings, logger, FAIL_FAST);
}

/** Return a connection for a worker. */
export function connectWorkerRedis(settings, logger) {
  return connect(settings, logger, WAIT);
}

function connect(settings, logger, options) {
  if (settings.REDIS_URL === undefined) return undefined;
  const redis = settings.REDIS_CLUSTER
    ? connectCluster(new URL(settings.REDIS_URL), options)
    : new Redis(settings.REDIS_URL, options);
  let reported = '';
  redis.on('ready', () => {
    reported = '';
  });
  // The client emits an error at each attempt to reconnect; one line for each outage is enough.
  redis.on('error', (error) => {
    if (error.message !== reported) logger.warn('Redis is not available', { error: error.message });
    reported = error.message;
  });
  return redis;
}

function connectCluster(url, options) {
  return new Cluster([{ host: url.hostname, port: Number(url.port || 6379) }], {
    // The certificate of ElastiCache contains the nodes' names, not their addresses.
    dnsLookup: (address, callback) => callback(null, address),
    enableOfflineQueue: options.enableOfflineQueue,
    redisOptions: {
      ...options,
      enableOfflineQueue: true, // of the single node, which the cluster's client may use before it is connected
      username: decodeURIComponent(url.username) || undefined,
      password: decodeURIComponent(url.password) || undefined,
      tls: url.protocol === 'rediss:' ? {} : undefined,
    },
  });
}
