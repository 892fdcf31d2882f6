import { normalPath } from '#shared/utils/paths'
import { AppError } from '#server/errors'

/** A path as it goes to a node. @throws {AppError} `file.path_refused` */
export function inside(path: string): string {
  return normalPath(path) ?? refusePath(path)
}

/** Of a list that has a folder of its own. It never names the folder itself: below the root, some daemons would really take that. */
export function entry(path: string): string {
  const whole = inside(path)
  return whole === '/' ? refusePath(path) : whole.slice(1)
}

function refusePath(path: string): never {
  throw new AppError('file.path_refused', { values: { path: path.toWellFormed().slice(0, 200) } })
}
