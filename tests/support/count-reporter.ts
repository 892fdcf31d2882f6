import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/**
 * The last line of a run: `N passed, N failed`. A file that does not load, a hook that throws and an error that nobody
 * caught are failures too, although there is no test of that name.
 */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const suites = modules.flatMap((module) => [module, ...module.children.allSuites()])
    const passed = tests.filter((test) => test.result().state === 'passed').length
    const failed =
      tests.filter((test) => test.result().state === 'failed').length +
      suites.filter((suite) => suite.errors().length > 0).length +
      unhandled.length

    // After the summary of the other reporters. Whatever else ends a run badly (a set-up that throws, no test at all) is one.
    process.once('exit', (code) => {
      process.stdout.write(`\n${passed} passed, ${code === 0 ? failed : failed || 1} failed\n`)
    })
  }
}
