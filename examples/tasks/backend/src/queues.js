// The job queues, shared by the API and the worker.

import { Queue } from 'bullmq';

export const EXPORTS = 'exports';
export const REPORTS = 'reports';

// The braces keep all keys of a queue on one node of a cluster.
export const PREFIX = '{jobs}';

const JOB_OPTIONS = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 1_000 },
  removeOnComplete: { age: 24 * 60 * 60, count: 1_000 },
  removeOnFail: { age: 7 * 24 * 60 * 60, count: 1_000 },
};

/** Return a queue, or undefined without a connection. */
export function openQueue(name, connection, logger) {
  if (connection === undefined) return undefined;
  const queue = new Queue(name, { connection, prefix: PREFIX, defaultJobOptions: JOB_OPTIONS, skipVersionCheck: true });
  queue.on('error', (error) => logger.warn('the job queue is not available', { queue: name, error: error.message }));
  return queue;
}
