// The schemas of all input. Keys that a schema does not name are an error.

import { z } from 'zod';
import { HttpError } from './errors.js';
import { STATUSES } from './models.js';

const title = z.string().trim().min(1).max(200);
const notes = z.string().max(2_000);
const status = z.enum(STATUSES);

export const credentials = z.strictObject({
  email: z.email().max(254).transform((email) => email.toLowerCase()),
  password: z.string().min(12).max(200),
});
export const newTask = z.strictObject({ title, notes: notes.optional(), status: status.optional() });
export const taskChange = newTask
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'set title, notes or status');
export const listQuery = z.strictObject({
  page: z.coerce.number().int().min(0).max(10_000).default(0),
  status: status.optional(),
});
export const objectId = z.string().regex(/^[0-9a-f]{24}$/, 'not an id');
export const jobId = z.uuid();

/** Return the validated input, or throw an HttpError 400 that names each wrong field. */
export function validate(schema, input) {
  const result = schema.safeParse(input ?? {});
  if (result.success) return result.data;
  const details = result.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`);
  throw new HttpError(400, 'The input is not valid.', details);
}
