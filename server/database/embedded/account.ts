import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { chownSync, readFileSync, statSync } from 'node:fs'
import { OperatorError } from '../../env/operator-error.ts'
import type { Binaries } from './binaries.ts'

/** Runs PostgreSQL's programs under an account that PostgreSQL accepts: it refuses to run as root. */
export interface Account {
  run(command: string, commandArguments: string[], options: SpawnOptions): ChildProcess
  /** Gives a file to the account, where it is another than ours. */
  own(path: string): void
}

interface PasswdEntry {
  name: string
  uid: number
  gid: number
}

const CAPABILITIES = '+dac_override,+dac_read_search'

/** The programs find nothing of ours in their environment, no secret and no language. */
const environment = () => ({ PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C' })

export function chooseAccount({ postgres, initdb }: Binaries, dataFolder: string): Account {
  if (process.platform === 'win32' || process.geteuid?.() !== 0) {
    return {
      run: (command, list, options) => spawn(command, list, { cwd: '/', ...options, env: environment() }),
      own: () => {},
    }
  }

  const user = findUser(statSync(dataFolder).uid)
  if (statSync(dataFolder).uid !== user.uid) {
    chownSync(dataFolder, user.uid, user.gid)
  }
  const { uid, gid } = user

  if (succeeds(postgres, ['--version'], { uid, gid }) && succeeds('test', ['-w', dataFolder], { uid, gid })) {
    return {
      run: (command, list, options) => spawn(command, list, { cwd: '/', uid, gid, ...options, env: environment() }),
      own: (path) => chownSync(path, uid, gid),
    }
  }

  // A folder below /root, mode 700, is closed to that account: it is let through by capability. PostgreSQL asks access(2)
  // whether it can find its own programs, which looks at no capability of an account that is not root, unless told to.
  const wrapper = [
    ...['--reuid', String(uid), '--regid', String(gid), '--clear-groups', '--securebits=+no_setuid_fixup'],
    ...[`--inh-caps=${CAPABILITIES}`, `--ambient-caps=${CAPABILITIES}`, '--'],
  ]
  if (succeeds('setpriv', [...wrapper, initdb, '--show', '-D', dataFolder], {})) {
    return {
      run: (command, list, options) =>
        spawn('setpriv', [...wrapper, command, ...list], { cwd: '/', ...options, env: environment() }),
      own: () => {},
    }
  }

  throw new OperatorError(
    `PostgreSQL does not run as root, and the account ${user.name} cannot reach ${dataFolder}. Move the data (XYRA_DATA_DIR), run the panel as another account, or set DATABASE_URL.`,
  )
}

/** The owner of the data, so that a folder keeps its account; initdb needs one that has a name. */
function findUser(owner: number): PasswdEntry {
  const entries = readPasswd()
  const wanted = [
    entries.find((entry) => entry.uid === owner && entry.uid !== 0),
    ...['postgres', 'node', 'nobody'].map((name) => entries.find((entry) => entry.name === name)),
  ].find((entry) => entry !== undefined)
  if (!wanted) {
    throw new OperatorError(
      'PostgreSQL does not run as root, and this machine has no account postgres, node or nobody. Run the panel as another account, or set DATABASE_URL.',
    )
  }

  return wanted
}

function readPasswd(): PasswdEntry[] {
  try {
    return readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter((fields) => fields.length > 3)
      .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
  } catch {
    return []
  }
}

const succeeds = (command: string, list: string[], as: { uid?: number; gid?: number }) =>
  spawnSync(command, list, { ...as, cwd: '/', stdio: 'ignore' }).status === 0
