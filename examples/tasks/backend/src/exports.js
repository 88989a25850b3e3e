// Exports of all tasks of a user as CSV, which a worker writes.

import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { HttpError } from './errors.js';
import { Export, Task } from './models.js';
import { jobId, validate } from './validation.js';

const MAX_TASKS = 10_000;

/** Return the routes. Without a queue they return status 503. */
export function exportRoutes(queue) {
  const routes = Router();

  routes.use((_request, _response, next) => {
    if (queue === undefined) throw new HttpError(503, 'Exports need the job queue. Set REDIS_URL and start a worker.');
    next();
  });

  routes.post('/', async (request, response) => {
    const id = randomUUID();
    await queue.add('export', { user: request.user.id }, { jobId: id });
    response.status(202).location(`${request.baseUrl}/${id}`).json({ id, state: 'waiting' });
  });

  routes.get('/:id', async (request, response) => {
    const id = validate(jobId, request.params.id);
    const job = await queue.getJob(id);
    if (!job || job.data.user !== request.user.id) throw new HttpError(404, 'This export does not exist.');
    response.json({ id, state: await job.getState() });
  });

  routes.get('/:id/tasks.csv', async (request, response) => {
    const id = validate(jobId, request.params.id);
    const found = await Export.findOne({ _id: id, user: request.user.id }).lean();
    if (found === null) throw new HttpError(404, 'This export does not exist, or is not complete.');
    response.type('text/csv').attachment('tasks.csv').send(found.csv);
  });

  return routes;
}

/** Write the export of a job. A second run of the same job replaces the first result. */
export async function writeExport(job) {
  const { user } = job.data;
  const tasks = await Task.find({ user }).sort({ createdAt: -1 }).limit(MAX_TASKS).lean();
  const rows = tasks.map((task) => [task.title, task.status, task.createdAt.toISOString(), task.notes]);
  const csv = [['title', 'status', 'created', 'notes'], ...rows].map((row) => row.map(cell).join(',')).join('\r\n');
  await Export.replaceOne({ _id: job.id }, { user, csv: `${csv}\r\n` }, { upsert: true });
  return { tasks: tasks.length };
}

// The apostrophe prevents spreadsheets from evaluating text as a formula.
function cell(value) {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${text.replaceAll('"', '""')}"`;
}
