import { randomInt } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Letters and digits only: the pair is split at a dot, and one flavour expands `$` and reads `file://`. */
export const alphanumeric = (length: number): string =>
  Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')

/** What a node is known by, and what it proves itself with. */
export const newPair = () => ({ identifier: alphanumeric(16), secret: alphanumeric(64) })
