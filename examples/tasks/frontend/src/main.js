// The page: sign in, list, add, change, delete and export tasks.

import { api, apiUrl } from './api.js';
import './style.css';

const STATUSES = { todo: 'To do', doing: 'In progress', done: 'Done' };
const element = (id) => document.getElementById(id);
let page = 0;

element('sign-in').addEventListener('submit', (event) => {
  event.preventDefault();
  const { email, password } = Object.fromEntries(new FormData(event.target));
  act(async () => {
    await api('POST', `/${event.submitter.value}`, { email, password });
    event.target.reset();
    await showTasks();
  });
});

element('sign-out').addEventListener('click', () =>
  act(async () => {
    await api('DELETE', '/sessions');
    showSignIn();
  }),
);

element('new-task').addEventListener('submit', (event) => {
  event.preventDefault();
  act(async () => {
    await api('POST', '/tasks', Object.fromEntries(new FormData(event.target)));
    event.target.reset();
    page = 0;
    await showTasks();
  });
});

element('previous').addEventListener('click', () => act(() => showTasks(page - 1)));
element('next').addEventListener('click', () => act(() => showTasks(page + 1)));
element('export').addEventListener('click', () => act(exportTasks));

async function showTasks(wanted = page) {
  const { tasks, hasMore } = await api('GET', `/tasks?page=${wanted}`);
  page = wanted;
  element('list').replaceChildren(...tasks.map(row));
  element('previous').disabled = page === 0;
  element('next').disabled = !hasMore;
  show(true);
}

function row(task) {
  const title = document.createElement('span');
  title.textContent = task.title;
  const status = document.createElement('select');
  status.ariaLabel = `Status of ${task.title}`;
  for (const [value, text] of Object.entries(STATUSES)) status.append(new Option(text, value));
  status.value = task.status;
  status.addEventListener('change', () =>
    act(() => api('PATCH', `/tasks/${task._id}`, { status: status.value })),
  );
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.textContent = 'Delete';
  remove.addEventListener('click', () =>
    act(async () => {
      await api('DELETE', `/tasks/${task._id}`);
      await showTasks();
    }),
  );
  const item = document.createElement('li');
  item.append(title, status, remove);
  return item;
}

async function exportTasks() {
  const { id } = await api('POST', '/exports');
  for (let attempt = 0; attempt < 30; attempt += 1) {
    const { state } = await api('GET', `/exports/${id}`);
    if (state === 'completed') {
      location.assign(apiUrl(`/exports/${id}/tasks.csv`));
      return;
    }
    if (state === 'failed') throw new Error('The export failed. Try again later.');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
  throw new Error('The export takes longer than a minute. Try again later.');
}

function showSignIn() {
  element('list').replaceChildren();
  show(false);
}

function show(signedIn) {
  element('sign-in').hidden = signedIn;
  element('tasks').hidden = !signedIn;
  element('sign-out').hidden = !signedIn;
}

/** Run an action and show its error. A session that has ended leads to the sign-in form. */
async function act(action) {
  const message = element('message');
  message.hidden = true;
  try {
    await action();
  } catch (error) {
    if (error.status === 401 && !element('tasks').hidden) showSignIn();
    message.textContent = error.retryAfter ? `${error.message} (${error.retryAfter} s)` : error.message;
    message.hidden = false;
  }
}

showTasks().catch((error) => {
  if (error.status !== 401) act(() => Promise.reject(error));
});
