import { randomInt } from 'node:crypto'
import { DATABASE_NAME_MAX } from '#shared/contracts/database-fields'

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const SPECIAL = '!@=.+^'
const PASSWORD_LENGTH = 24

const some = (of: string, count: number) => Array.from({ length: count }, () => of[randomInt(of.length)]).join('')

/** As it is called on its host: no other server's can be called so. */
export const databaseNameOf = (serverId: string, asked: string): string =>
  `s${serverId}_${asked}`.slice(0, DATABASE_NAME_MAX)

/** Random enough that nobody else has made this account. */
export const newUsername = (serverId: string): string => `u${serverId}_${some(LETTERS, 10)}`

/** Two to six of its characters are no letters, at places of their own. */
export function newPassword(): string {
  const characters = [...some(LETTERS, PASSWORD_LENGTH)]
  const places = characters.map((_, place) => place)
  for (let count = randomInt(2, 7); count > 0; count -= 1) {
    const [place = 0] = places.splice(randomInt(places.length), 1)
    characters[place] = some(SPECIAL, 1)
  }
  return characters.join('')
}
