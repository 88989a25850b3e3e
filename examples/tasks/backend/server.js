// The API: `node server.js`.

import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import mongoose from 'mongoose';
import { createApp } from './src/app.js';
import { connectDatabase } from './src/database.js';
import { createLogger } from './src/logger.js';
import { createMetrics } from './src/metrics.js';
import { EXPORTS, openQueue } from './src/queues.js';
import { connectRedis } from './src/redis.js';
import { initSentry, Sentry } from './src/sentry.js';
import { closeConnections, onShutdown } from './src/shutdown.js';
import { settingsOrExit } from './src/start.js';

const settings = settingsOrExit();
const logger = createLogger(settings, 'api');
initSentry(settings, 'api');

const redis = connectRedis(settings, logger);
const exportQueue = openQueue(EXPORTS, redis, logger);
const lifecycle = { draining: false };
const app = createApp({ settings, logger, metrics: createMetrics(settings), redis, exportQueue, lifecycle });

const server = createServer(app);
// Longer than the load balancer's idle timeout of 60 seconds: a target that closes an idle connection first causes 502.
server.keepAliveTimeout = 65_000;
server.headersTimeout = 66_000;
server.requestTimeout = 30_000;

// The API listens before the database is available, and /health returns 503 until then.
const connecting = new AbortController();
const connected = connectDatabase(settings, logger, connecting.signal);

onShutdown(logger, async () => {
  lifecycle.draining = true;
  connecting.abort();
  await sleep(settings.DRAIN_SECONDS * 1_000);
  if (server.listening) await new Promise((resolve) => server.close(resolve));
  await closeConnections(mongoose.disconnect(), exportQueue?.close(), Sentry.close(2_000));
  redis?.disconnect();
});

// Processes of PM2 share the port, and no health check is between it and them: a process that listens gets requests at
// once. It therefore waits for the database first, for a shorter time than listen_timeout of ecosystem.config.cjs.
if (cluster.isWorker) await Promise.race([connected, sleep(8_000, undefined, { ref: false })]);
server.listen(settings.PORT, () => {
  logger.info('listening', { port: settings.PORT });
  process.send?.('ready'); // PM2's wait_ready
});
