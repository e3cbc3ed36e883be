import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The server sends `default-src 'self'` without exceptions, so nothing may be inlined.
export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    assetsInlineLimit: 0,
    sourcemap: false,
    target: 'es2022',
    chunkSizeWarningLimit: 700,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': process.env['FANSIPAN_URL'] ?? 'http://127.0.0.1:8080' },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}', 'testing/**/*.test.{ts,tsx}'],
    setupFiles: ['testing/setup.ts'],
    css: false,
    restoreMocks: true,
    testTimeout: 30_000,
    unstubGlobals: true,
    // By its address and not as a mock: an import under way when a file ends would find the mock gone.
    alias: [{ find: /^\.\/trend_chart$/, replacement: fileURLToPath(new URL('testing/trend_chart_stub.tsx', import.meta.url)) }],
    // One jsdom for all files of a worker: making it anew costs more than the tests.
    pool: 'threads',
    isolate: false,
    maxWorkers: 2,
  },
});
