import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { delimiter, resolve } from 'node:path'

interface Outcome {
  code: number | null
  output: string
}

const binaries = resolve('node_modules/.bin')

/** A program of the project's packages, run from the project's folder. */
export function runTool(name: string, toolArguments: string[]): Promise<Outcome> {
  const child = spawn(resolve(binaries, name), toolArguments, {
    env: { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH}`, NO_COLOR: '1', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk))

  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (code) => done({ code, output: output.trim() }))
  })
}

/** Paths from the project's folder. */
export const sources = (...patterns: string[]): string[] => patterns.flatMap((pattern) => globSync(pattern)).toSorted()
