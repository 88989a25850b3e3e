// Which users were active, for the metrics ActiveUsers and Retention.

import mongoose from 'mongoose';
import { Activity } from './models.js';

// Operators in filters need mongoose.trusted, because connectDatabase sets sanitizeFilter.
const { trusted } = mongoose;

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ACTIVE_MS = 5 * MINUTE_MS;
const KEPT_DAYS = 21;

/** Return the middleware that records the user of a request, at most once a minute for each user and process. */
export function recordActivity(logger) {
  const recorded = new Map();
  return (request, _response, next) => {
    const now = Date.now();
    const { id } = request.user;
    if (now - (recorded.get(id) ?? 0) > MINUTE_MS) {
      if (recorded.size >= 10_000) recorded.clear();
      recorded.set(id, now);
      saveActivity(id, new Date(now)).catch((error) => logger.warn('activity was not recorded', { error: error.message }));
    }
    next();
  };
}

async function saveActivity(user, seen) {
  await Activity.updateOne({ user, day: dayOf(seen) }, { $set: { lastSeenAt: seen } }, { upsert: true });
}

/** Return the number of users that were active in the last 5 minutes. */
export async function countActiveUsers(now = new Date()) {
  const since = new Date(now.getTime() - ACTIVE_MS);
  return (await Activity.distinct('user', { lastSeenAt: trusted({ $gte: since }) })).length;
}

/** Return the percentage of the users of last week who returned this week, or undefined if last week had none. */
export async function computeRetention(now = new Date()) {
  const [today, weekAgo, twoWeeksAgo] = [0, 7, 14].map((days) => dayOf(new Date(now.getTime() - days * DAY_MS)));
  const lastWeek = await usersBetween(twoWeeksAgo, weekAgo);
  if (lastWeek.length === 0) return undefined;
  const thisWeek = new Set((await usersBetween(weekAgo, today)).map(String));
  return (100 * lastWeek.filter((user) => thisWeek.has(String(user))).length) / lastWeek.length;
}

/** Delete the activities that no metric reads any more. */
export async function deleteOldActivities(now = new Date()) {
  const before = new Date(now.getTime() - KEPT_DAYS * DAY_MS);
  await Activity.deleteMany({ lastSeenAt: trusted({ $lt: before }) });
}

function usersBetween(first, end) {
  return Activity.distinct('user', { day: trusted({ $gte: first, $lt: end }) });
}

function dayOf(date) {
  return date.toISOString().slice(0, 10);
}
