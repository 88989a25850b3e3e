// The jobs that report business metrics. BullMQ gives each scheduled job to one worker only.

import { computeRetention, countActiveUsers, deleteOldActivities } from './activity.js';

const SCHEDULES = {
  ActiveUsers: { every: 5 * 60 * 1_000 },
  Retention: { pattern: '0 0 * * *', tz: 'UTC' },
};

/** Create or update the schedules. */
export async function scheduleReports(queue) {
  for (const [name, schedule] of Object.entries(SCHEDULES)) {
    await queue.upsertJobScheduler(name, schedule, { name });
  }
}

/** Report one metric. */
export async function report(name, metrics, now = new Date()) {
  if (name === 'ActiveUsers') {
    metrics('ActiveUsers', await countActiveUsers(now));
    return;
  }
  // In the first week there is no retention yet. The value 0 shows the alarm on a missing metric that this job runs.
  metrics('Retention', (await computeRetention(now)) ?? 0);
  await deleteOldActivities(now);
}
