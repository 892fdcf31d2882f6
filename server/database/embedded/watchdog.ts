import { spawn } from 'node:child_process'

interface Watched {
  pid: number
  dataFolder: string
  /** Removed when the server is gone: the folders of a throw-away cluster. */
  litter: string[]
}

/** A shell that waits for our end. However this process dies, the pipe closes, and PostgreSQL is stopped cleanly. */
export function watch({ pid, dataFolder, litter }: Watched): { dismiss(): void } {
  if (process.platform === 'win32') {
    return { dismiss: () => {} }
  }

  const script = [
    'trap "" INT TERM HUP',
    'read _',
    'kill -INT "$1" 2>/dev/null',
    ...(litter.length > 0
      ? [
          'i=0; while [ -e "$2/postmaster.pid" ] && [ $i -lt 100 ]; do sleep .1; i=$((i+1)); done',
          'shift 2; rm -rf "$@"',
        ]
      : []),
  ].join('\n')
  const shell = spawn('/bin/sh', ['-c', script, 'sh', String(pid), dataFolder, ...litter], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  shell.once('error', () => {})
  shell.unref()
  ;(shell.stdin as unknown as { unref(): void }).unref()

  return { dismiss: () => shell.kill('SIGKILL') }
}
