// The log: one JSON object per line, on standard output and, with LOG_DIR, in error.log and combined.log.

import { join } from 'node:path';
import winston from 'winston';

/** Create the logger of a process. `service` is part of each line. */
export function createLogger(settings, service) {
  const { combine, errors, json, timestamp } = winston.format;
  return winston.createLogger({
    level: settings.LOG_LEVEL,
    format: combine(timestamp(), errors({ stack: true }), json()),
    defaultMeta: { service },
    transports: [
      new winston.transports.Console(),
      ...(settings.LOG_DIR === undefined
        ? []
        : [
            new winston.transports.File({ filename: join(settings.LOG_DIR, 'error.log'), level: 'error' }),
            new winston.transports.File({ filename: join(settings.LOG_DIR, 'combined.log') }),
          ]),
    ],
  });
}
