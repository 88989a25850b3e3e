// The collections and their indexes. tierup's indexes.yaml declares the same indexes.

import mongoose from 'mongoose';

const { Schema } = mongoose;

export const STATUSES = ['todo', 'doing', 'done'];

const userSchema = new Schema(
  {
    email: { type: String, required: true, maxlength: 254 },
    passwordHash: { type: String, required: true },
  },
  { timestamps: true, versionKey: false },
);
userSchema.index({ email: 1 }, { unique: true });

const taskSchema = new Schema(
  {
    user: { type: Schema.Types.ObjectId, ref: 'User', required: true },
    title: { type: String, required: true, maxlength: 200 },
    notes: { type: String, default: '', maxlength: 2_000 },
    status: { type: String, enum: STATUSES, default: STATUSES[0] },
  },
  { timestamps: true, versionKey: false },
);
taskSchema.index({ user: 1, status: 1 });
taskSchema.index({ user: 1, createdAt: -1 });

// One document for each user and day, for the metrics of active users and retention.
const activitySchema = new Schema(
  {
    user: { type: Schema.Types.ObjectId, ref: 'User', required: true },
    day: { type: String, required: true },
    lastSeenAt: { type: Date, required: true },
  },
  { versionKey: false },
);
activitySchema.index({ user: 1, day: 1 }, { unique: true });
activitySchema.index({ lastSeenAt: 1 });

// The result of an export job; its id is the id of the job, so that a repeated job replaces its own result.
const exportSchema = new Schema(
  {
    _id: { type: String, required: true },
    user: { type: Schema.Types.ObjectId, ref: 'User', required: true },
    csv: { type: String, default: '' },
  },
  { timestamps: true, versionKey: false },
);

export const User = mongoose.model('User', userSchema, 'users');
export const Task = mongoose.model('Task', taskSchema, 'tasks');
export const Activity = mongoose.model('Activity', activitySchema, 'activities');
export const Export = mongoose.model('Export', exportSchema, 'exports');
