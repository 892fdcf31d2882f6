import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs'
import type { DatabaseReport } from '#server/database/migrate'
import type { LaunchEnvironment } from '#server/env'
import { findOwnSecret, ownSecretFile } from '#server/env/app-secret'
import { good, wrong, type Finding } from './finding.ts'

const GIB = 1024 ** 3
/** Below it PostgreSQL may stop taking writes within the day. */
const FREE_BYTES_MIN = GIB

export function versionFindings(report: DatabaseReport | null): Finding[] {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  const major = Number(report?.server.split('.')[0] ?? 15)
  const build = existsSync('.output/server/index.mjs') ? 'built' : 'not built yet, which npm start does'
  return [
    good('panel', `XyraPanel ${version}, ${build}; Node ${process.versions.node}`),
    ...(major < 15 ? [wrong('postgres', `is ${report?.server}; XyraPanel needs 15 or newer`)] : []),
  ]
}

export function folderFinding(folder: string): Finding {
  try {
    accessSync(folder, constants.W_OK)
    return good('data folder', folder)
  } catch {
    return wrong('data folder', `${folder} cannot be written. Give it to the account that runs the panel.`)
  }
}

export function diskFinding(folder: string): Finding[] {
  if (!existsSync(folder)) return []
  const { bavail, blocks, bsize } = statfsSync(folder)
  const says = `${((bavail * bsize) / GIB).toFixed(1)} of ${((blocks * bsize) / GIB).toFixed(1)} GiB are free for ${folder}`
  return [
    bavail * bsize < FREE_BYTES_MIN
      ? wrong('disk', `${says}. Make room: a full disk stops the database.`)
      : good('disk', says),
  ]
}

export function schemaFinding({ applied, newest, isCurrent, isNewerThanCode }: DatabaseReport): Finding {
  if (isNewerThanCode) {
    return wrong('schema', `is of ${applied}, newer than this panel knows (${newest}). Update the panel.`)
  }
  return isCurrent
    ? good('schema', newest)
    : wrong(
        'schema',
        `${applied ?? 'none yet'}; ${newest} is to come. xyra migrate applies it, and so does the next start.`,
      )
}

export function secretFinding(settings: LaunchEnvironment, { opensWithSecret }: DatabaseReport): Finding {
  const source = secretSource(settings)
  const place = source === 'environment' ? 'APP_SECRET' : ownSecretFile(settings.XYRA_DATA_DIR)
  if (opensWithSecret === false) {
    return wrong('secret', `${place} does not open what is sealed in this database. Put the earlier secret back.`)
  }
  if (source === 'file' && (statSync(place).mode & 0o077) !== 0) {
    return wrong('secret', `${place} can be read by others. chmod 600 ${place}`)
  }
  return good('secret', `in ${place}; belongs into the backup of the panel`)
}

export const secretSource = (settings: LaunchEnvironment): 'environment' | 'file' | 'missing' =>
  settings.APP_SECRET ? 'environment' : findOwnSecret(settings.XYRA_DATA_DIR) ? 'file' : 'missing'
