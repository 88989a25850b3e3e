// The build of the site. It fails without VITE_API_URL, and if the bundle exceeds its budget.

import { gzipSync } from 'node:zlib';
import { defineConfig, loadEnv } from 'vite';

// Bytes after gzip that a first visit may load. BUNDLE_BUDGET_KB replaces the sum.
const BUDGET_KB = Number(process.env.BUNDLE_BUDGET_KB ?? 20);

export default defineConfig(({ command, mode }) => {
  const { VITE_API_URL } = loadEnv(mode, process.cwd(), 'VITE_');
  if (command === 'build' && !/^https?:\/\/.+\/api$/.test(VITE_API_URL ?? '')) {
    throw new Error(
      `VITE_API_URL: not the address of the API (got ${JSON.stringify(VITE_API_URL)}). ` +
        'Set the stack output vite_api_url, such as https://api.example.com/api.',
    );
  }
  return { plugins: [bundleBudget(BUDGET_KB)] };
});

function bundleBudget(kilobytes) {
  return {
    name: 'bundle-budget',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const sizes = Object.values(bundle).map((file) => gzipSync(file.type === 'chunk' ? file.code : file.source).length);
        const total = sizes.reduce((sum, size) => sum + size, 0) / 1_000;
        if (total > kilobytes) {
          this.error(
            `bundle: over its budget (got ${total.toFixed(1)} kB after gzip). Keep it within ${kilobytes} kB: load code ` +
              'on demand, or remove a dependency.',
          );
        }
        this.info(`bundle: ${total.toFixed(1)} kB of ${kilobytes} kB after gzip`);
      },
    },
  };
}
