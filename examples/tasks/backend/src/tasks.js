// The tasks of the signed-in user.

import { Router } from 'express';
import { HttpError } from './errors.js';
import { Task } from './models.js';
import { listQuery, newTask, objectId, taskChange, validate } from './validation.js';

const PAGE_SIZE = 20;

/** Return the routes. */
export function taskRoutes({ cache, metrics }) {
  const routes = Router();

  routes.get('/', async (request, response) => {
    const { page, status } = validate(listQuery, request.query);
    const user = request.user.id;
    const { hit, value } = await cache.get(user, `${status ?? 'all'}:${page}`, () => listTasks(user, page, status));
    response.set('X-Cache', hit ? 'HIT' : 'MISS').json(value);
  });

  routes.post('/', async (request, response) => {
    const task = await Task.create({ ...validate(newTask, request.body), user: request.user.id });
    await cache.invalidate(request.user.id);
    metrics('TasksCreated', 1);
    response.status(201).location(`${request.baseUrl}/${task._id}`).json(task);
  });

  routes.get('/:id', async (request, response) => {
    response.json(existing(await Task.findOne(ownTask(request)).lean()));
  });

  routes.patch('/:id', async (request, response) => {
    const change = validate(taskChange, request.body);
    const task = await Task.findOneAndUpdate(ownTask(request), { $set: change }, { returnDocument: 'after' }).lean();
    await cache.invalidate(request.user.id);
    response.json(existing(task));
  });

  routes.delete('/:id', async (request, response) => {
    existing(await Task.findOneAndDelete(ownTask(request)).lean());
    await cache.invalidate(request.user.id);
    response.status(204).end();
  });

  return routes;
}

async function listTasks(user, page, status) {
  // One task more than a page tells whether there is a next page, without counting all tasks.
  const found = await Task.find({ user, ...(status && { status }) })
    .sort({ createdAt: -1 })
    .skip(page * PAGE_SIZE)
    .limit(PAGE_SIZE + 1)
    .lean();
  return { tasks: found.slice(0, PAGE_SIZE), page, hasMore: found.length > PAGE_SIZE };
}

function ownTask(request) {
  return { _id: validate(objectId, request.params.id), user: request.user.id };
}

function existing(task) {
  if (task === null) throw new HttpError(404, 'This task does not exist.');
  return task;
}
