// The end of a process: on SIGTERM (ECS) or SIGINT (PM2, Ctrl-C) it closes everything and exits.

import { setTimeout as sleep } from 'node:timers/promises';

// ECS sends SIGKILL 30 seconds after SIGTERM by default.
const LIMIT_MS = 25_000;
// A client of a server that is away may wait for it when it is closed.
const CLOSE_MS = 3_000;

/** Close connections together. Errors are ignored, and so is a connection that takes more than 3 seconds. */
export async function closeConnections(...closing) {
  await Promise.race([Promise.allSettled(closing), sleep(CLOSE_MS, undefined, { ref: false })]);
}

/** Call `close` once at the first signal, and exit: with 0, or with 1 if it fails or takes more than 25 seconds. */
export function onShutdown(logger, close) {
  let started = false;
  const stop = async (signal) => {
    if (started) return;
    started = true;
    logger.info('shutting down', { signal });
    setTimeout(() => exit(1, 'shutdown took too long'), LIMIT_MS).unref();
    try {
      await close();
      exit(0, 'shut down');
    } catch (error) {
      exit(1, `shutdown failed: ${error.message}`);
    }
  };
  const exit = (code, message) => {
    logger.log(code === 0 ? 'info' : 'error', message);
    logger.once('finish', () => process.exit(code));
    logger.end();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
