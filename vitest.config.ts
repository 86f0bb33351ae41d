import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/fixtures/**', 'dist/**'],
    // Several tests start the real program; on a small, busy machine that takes longer than the default 5 s.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // The default leaves one core free, which is half of a small machine.
    maxWorkers: '100%',
    env: { NO_COLOR: '1' },
    setupFiles: ['test/canary/setup.ts'],
  },
});
