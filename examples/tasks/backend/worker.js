// The worker: `node worker.js`. It writes exports, and reports the business metrics.

import { Worker } from 'bullmq';
import mongoose from 'mongoose';
import { connectDatabase } from './src/database.js';
import { writeExport } from './src/exports.js';
import { createLogger } from './src/logger.js';
import { createMetrics } from './src/metrics.js';
import { EXPORTS, openQueue, PREFIX, REPORTS } from './src/queues.js';
import { connectWorkerRedis } from './src/redis.js';
import { report, scheduleReports } from './src/reports.js';
import { initSentry, Sentry } from './src/sentry.js';
import { closeConnections, onShutdown } from './src/shutdown.js';
import { settingsOrExit } from './src/start.js';

const settings = settingsOrExit();
const logger = createLogger(settings, 'worker');
initSentry(settings, 'worker');
if (settings.REDIS_URL === undefined) {
  logger.error('REDIS_URL: missing. Set it: the worker takes its jobs from Redis.');
  process.exitCode = 2;
} else {
  await start();
}

async function start() {
  const metrics = createMetrics(settings);
  const connection = connectWorkerRedis(settings, logger);
  const connecting = new AbortController();
  const workers = [];
  const reports = openQueue(REPORTS, connection, logger);
  onShutdown(logger, async () => {
    connecting.abort();
    await Promise.all(workers.map((worker) => worker.close())); // waits for the jobs that run
    await closeConnections(reports.close(), mongoose.disconnect(), Sentry.close(2_000));
    connection.disconnect();
  });

  await connectDatabase(settings, logger, connecting.signal);
  if (connecting.signal.aborted) return;
  workers.push(
    run(EXPORTS, writeExport, connection),
    run(REPORTS, (job) => report(job.name, metrics), connection),
  );
  await scheduleReports(reports);
  logger.info('working');
}

function run(queue, process, connection) {
  const lock = settings.JOB_LOCK_SECONDS * 1_000;
  const worker = new Worker(queue, process, {
    connection,
    prefix: PREFIX,
    lockDuration: lock,
    stalledInterval: lock,
    maxStalledCount: 3,
    skipVersionCheck: true,
  });
  worker.on('completed', (job) => logger.info('job completed', { queue, job: job.id, attempts: job.attemptsStarted }));
  worker.on('failed', (job, error) => {
    logger.error('job failed', { queue, job: job?.id, error: error.message, stack: error.stack });
    Sentry.captureException(error);
  });
  worker.on('stalled', (id) => logger.warn('job taken over from a worker that stopped', { queue, job: id }));
  worker.on('error', (error) => logger.warn('the job queue is not available', { queue, error: error.message }));
  return worker;
}
