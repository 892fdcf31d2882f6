import { setTimeout as pause } from 'node:timers/promises'
import { exampleOf } from './regex-example.ts'

/** What a game can see and do: its container, seen from inside. */
export interface GameContext {
  environment: Record<string, string>
  invocation: string
  /** What the egg waits for before it calls the server running. */
  done: string[]
  stopCommand: string
  stepMs: number
  tickMs: number
  print: (line: string) => void
  exit: (code: number) => void
}

export interface Game {
  input: (line: string) => void
  /** Asked politely, by a signal. */
  stop: () => void
  kill: () => void
}

export type MakeGame = (context: GameContext) => Game

const RESET = '\u001B[0m'
const coloured = (code: number, text: string) => `\u001B[${code}m${text}${RESET}`

const clock = () => new Date().toISOString().slice(11, 19)
const info = (text: string) => `[${clock()} ${coloured(32, 'INFO')}]: ${text}`
const warning = (text: string) => `[${clock()} ${coloured(33, 'WARN')}]: ${text}`

const PLAYERS = ['Ada', 'Grace', 'Linus', 'Margaret', 'Ken']
const HELP = 'Commands: help, list, say <text>, colours, flood <lines>, environment, crash [code]'

/** A game of a few lines: it comes up, prints what its egg waits for, answers commands, ticks, and crashes when told to. */
export const scriptedGame: MakeGame = ({ print, exit, ...context }) => {
  const life = new AbortController()
  let ticks = 0

  const end = (code: number) => {
    if (life.signal.aborted) return
    life.abort()
    exit(code)
  }

  const leave = () => {
    print(info('Stopping the server'))
    print(info('Saving worlds'))
    void pause(context.stepMs, undefined, { signal: life.signal }).then(
      () => end(0),
      () => undefined,
    )
  }

  const commands: Record<string, (rest: string) => void> = {
    help: () => print(info(HELP)),
    list: () => print(info(`There are ${PLAYERS.length} of a max of 20 players online: ${PLAYERS.join(', ')}`)),
    say: (rest) => print(info(`[${coloured(35, 'Server')}] ${rest}`)),
    colours: () => {
      print([31, 32, 33, 34, 35, 36, 37].map((code) => coloured(code, `colour ${code}`)).join(' '))
      print(
        `${coloured(1, 'bold')} ${coloured(4, 'underlined')} ${coloured(7, 'inverse')} \u001B[38;5;208morange${RESET} \u001B[38;2;120;80;220mviolet${RESET}`,
      )
    },
    flood: (rest) => {
      const lines = Math.min(Number.parseInt(rest, 10) || 100, 100_000)
      for (let line = 1; line <= lines; line += 1) print(`line ${line} of ${lines}`)
    },
    environment: () => Object.entries(context.environment).forEach(([name, value]) => print(`${name}=${value}`)),
    crash: (rest) => {
      print(`[${clock()} ${coloured(31, 'ERROR')}]: Unhandled exception: the ground is gone`)
      end(Number.parseInt(rest, 10) || 1)
    },
  }

  const comeUp = async () => {
    const wait = () => pause(context.stepMs, undefined, { signal: life.signal })
    print(`${coloured(33, 'container~')} ${context.invocation}`)
    for (const line of ['Loading libraries', 'Preparing the world: 42%', 'Preparing the world: 100%']) {
      await wait()
      print(info(line))
    }
    print(warning('This is a simulated game'))
    await wait()
    print(readyLine(context.done))

    while (context.tickMs > 0) {
      await pause(context.tickMs, undefined, { signal: life.signal })
      ticks += 1
      print(info(`${PLAYERS[ticks % PLAYERS.length]} has ${ticks % 3 === 0 ? 'left' : 'joined'} the game`))
    }
  }

  void comeUp().catch(() => undefined) // it was stopped on the way

  return {
    input(line) {
      if (life.signal.aborted) return
      if (line === context.stopCommand) return leave()
      const [name = '', ...rest] = line.trim().split(' ')
      const command = commands[name]
      if (command) return command(rest.join(' '))
      print(info(`Unknown command: ${line}. Type "help" for help.`))
    },
    stop: leave,
    kill: () => end(137),
  }
}

/** A line that holds the egg's marker; a usual one where the egg has none, or one of its own kind. */
function readyLine(done: string[]): string {
  const usual = info('Done (0.421s)! For help, type "help"')
  const [marker] = done
  if (marker === undefined || done.some((one) => usual.includes(one))) return usual
  return marker.startsWith('regex:') ? exampleOf(marker.slice('regex:'.length)) : info(marker)
}
