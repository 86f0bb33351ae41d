import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/fixtures/**', 'dist/**'],
    // Several tests start the real program; on a small, busy machine that takes longer than the default 5 s.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    env: { NO_COLOR: '1' },
    setupFiles: ['test/canary/setup.ts'],
  },
});
