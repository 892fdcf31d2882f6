export interface Tally {
  passed: number
  failed: number
  skipped: number
}

export type Note = (remark: string) => void

export interface Step<Found> {
  says: string
  needs: readonly (keyof Found)[]
  run: (found: Found, note: Note) => Promise<Partial<Found> | void>
}

/** Names what a step needs of what earlier ones found; without it the step is skipped. */
export function defineStep<Found, Need extends keyof Found>(
  says: string,
  needs: readonly Need[],
  run: (found: Required<Pick<Found, Need>>, note: Note) => Promise<Partial<Found> | void>,
): Step<Found> {
  return { says, needs, run: run as Step<Found>['run'] }
}

/** Runs the steps in their order, one line for each. */
export async function runSteps<Found extends object>(
  steps: readonly Step<Found>[],
  found: Found,
  isInterrupted: () => boolean,
): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 }

  for (const { says, needs, run } of steps) {
    if (isInterrupted() || needs.some((name) => found[name] === undefined)) {
      tally.skipped++
      console.log(`skipped           ${says}`)
      continue
    }

    const started = performance.now()
    const remarks: string[] = []
    try {
      Object.assign(found, await run(found, (remark) => remarks.push(remark)))
      tally.passed++
      console.log(['ok     ', secondsSince(started), says, ...remarks.map((remark) => `· ${remark}`)].join(' '))
    } catch (error) {
      tally.failed++
      console.log(
        `failed  ${secondsSince(started)} ${says}\n${indented(error instanceof Error ? error.message : String(error))}`,
      )
    }
  }

  return tally
}

const secondsSince = (started: number) => `${((performance.now() - started) / 1000).toFixed(2).padStart(7)} s `

const indented = (text: string) => text.replaceAll(/^/gm, '          ')
