// The end of a process: on SIGTERM (ECS) or SIGINT (PM2, Ctrl-C) it closes everything and exits.

// ECS sends SIGKILL 30 seconds after SIGTERM by default.
const LIMIT_MS = 25_000;

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
