// PM2 runs the API and the worker on a machine without containers: `pm2 start ecosystem.config.cjs`, then `pm2 save` and
// `pm2 startup`. `pm2 reload api` replaces one process after the other and loses no request.
// The processes get the environment of the shell: environment.json lists the variables.

module.exports = {
  apps: [
    {
      name: 'api',
      script: 'server.js',
      instances: 'max',
      exec_mode: 'cluster',
      wait_ready: true, // server.js sends "ready" when it listens
      listen_timeout: 10_000,
      kill_timeout: 30_000, // as in ECS, and longer than the 25 seconds that a shutdown may take
      max_memory_restart: '500M',
      exp_backoff_restart_delay: 100,
      env: { NODE_ENV: 'production', LOG_DIR: 'logs' },
    },
    {
      name: 'worker',
      script: 'worker.js',
      instances: 1,
      exec_mode: 'fork',
      kill_timeout: 30_000,
      max_memory_restart: '500M',
      exp_backoff_restart_delay: 100,
      env: { NODE_ENV: 'production', LOG_DIR: 'logs' },
    },
  ],
};
