import { availableParallelism } from 'node:os'
import { defineVitestProject } from '@nuxt/test-utils/config'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'

const SECOND = 1000

/** One for each core: by itself Vitest leaves one to its own process, which has little to do. */
const WORKERS = availableParallelism()

/** Loading Nuxt takes seconds: only for who asked for its project, or for all. */
async function browserProject(): Promise<TestProjectConfiguration[]> {
  const asked = process.argv.flatMap((argument, at, all) =>
    argument === '--project' ? [all[at + 1]] : argument.startsWith('--project=') ? [argument.slice(10)] : [],
  )
  if (asked.length > 0 && !asked.includes('browser')) {
    return []
  }

  return [
    await defineVitestProject({
      test: {
        name: 'browser',
        include: ['tests/browser/**/*.test.ts'],
        environment: 'nuxt',
        environmentOptions: { nuxt: { domEnvironment: 'happy-dom' } },
        // Of the other projects' number; by itself this one would have one worker less, and so wait for them all.
        maxWorkers: WORKERS,
      },
    }),
  ]
}

export default defineConfig(async () => ({
  test: {
    maxWorkers: WORKERS,
    reporters: ['default', './tests/support/count-reporter.ts'],
    projects: [
      { test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], environment: 'node' } },
      {
        test: {
          name: 'integration',
          include: ['tests/{integration,conformance}/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['tests/support/database.ts'],
          setupFiles: ['tests/support/own-database.ts'],
          testTimeout: 20 * SECOND,
          hookTimeout: 60 * SECOND,
        },
      },
      { test: { name: 'contracts', include: ['tests/contracts/**/*.test.ts'], environment: 'node' } },
      {
        test: {
          name: 'architecture',
          include: ['tests/architecture/**/*.test.ts'],
          environment: 'node',
          // Type checker, linter and formatter run as tests.
          testTimeout: 600 * SECOND,
          hookTimeout: 600 * SECOND,
        },
      },
      ...(await browserProject()),
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          environment: 'node',
          globalSetup: ['tests/support/e2e.ts'],
          testTimeout: 60 * SECOND,
          hookTimeout: 120 * SECOND,
        },
      },
    ],
  },
}))
