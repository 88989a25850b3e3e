// Requests to the API. The session is a cookie of the API's origin, so each request includes credentials.

const API_URL = import.meta.env.VITE_API_URL ?? 'http://localhost:5000/api';

/** An error response of the API. */
export class ApiError extends Error {
  constructor(status, body, retryAfter) {
    super([body.error, ...(body.details ?? [])].join('\n'));
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** Send a request and return the JSON of the response, or undefined if it has no content. */
export async function api(method, path, body) {
  const response = await fetch(`${API_URL}${path}`, {
    method,
    credentials: 'include',
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.ok) return response.status === 204 ? undefined : response.json();
  const error = await response.json().catch(() => ({ error: `The API returned status ${response.status}.` }));
  throw new ApiError(response.status, error, response.headers.get('Retry-After'));
}

/** Return the address of a path of the API, for links. */
export function apiUrl(path) {
  return `${API_URL}${path}`;
}
