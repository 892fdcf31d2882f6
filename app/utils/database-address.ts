/** Where a database is reached, and as whom. */
export interface DatabaseWay {
  engine: 'mysql' | 'postgresql'
  host: string
  port: number
  database: string
  username: string
  /** Left out, programs ask for it. */
  password?: string
}

const printedHost = (host: string) => (host.includes(':') && !host.startsWith('[') ? `[${host}]` : host)

/** `db1.example.com:3306`. */
export const databaseAddress = ({ host, port }: Pick<DatabaseWay, 'host' | 'port'>) => `${printedHost(host)}:${port}`

/** `mysql://u12_x8:secret@db1.example.com:3306/s12_main`. */
export function databaseUri({ engine, username, password, database, ...place }: DatabaseWay): string {
  const account = [username, ...(password === undefined ? [] : [password])].map(encodeURIComponent).join(':')
  return `${engine}://${account}@${databaseAddress(place)}/${encodeURIComponent(database)}`
}

/** Drivers of Java read the account behind the question mark, whichever of the two they speak to. */
export function jdbcUri({ engine, username, password, database, ...place }: DatabaseWay): string {
  const query = new URLSearchParams({ user: username, ...(password !== undefined && { password }) })
  return `jdbc:${engine}://${databaseAddress(place)}/${encodeURIComponent(database)}?${query}`
}
