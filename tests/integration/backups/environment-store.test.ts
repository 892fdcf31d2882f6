import { afterAll, expect, it } from 'vitest'
import { useDrizzle } from '#server/database/client'
import { serverBackups } from '#server/database/schema'
import { chooseBackupHost } from '#server/services/backup-hosts/choose-backup-host'
import { discardObject } from '#server/services/backups/discard-object'
import { presignDownload } from '#server/services/backups/object'
import { request, signedInAs } from '../../support/api'
import { makeBackup, makeNode, makeRootAdmin, makeServer } from '../../support/factories'
import { startObjectStore, STORE_KEYS } from '../../support/object-store'

const store = await startObjectStore()
Object.assign(process.env, {
  APP_BACKUP_DRIVER: 's3',
  AWS_ENDPOINT: store.url,
  AWS_DEFAULT_REGION: STORE_KEYS.region,
  AWS_BACKUPS_BUCKET: STORE_KEYS.bucket,
  AWS_ACCESS_KEY_ID: STORE_KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: STORE_KEYS.secretAccessKey,
  AWS_USE_PATH_STYLE_ENDPOINT: 'true',
})
afterAll(() => store[Symbol.asyncDispose]())

it('keeps what no host takes in the store that the environment names, which administrators see without its keys', async () => {
  const node = await makeNode()
  const server = await makeServer({ nodeId: node.id })
  expect(await chooseBackupHost(node)).toEqual({ disk: 's3', backupHostId: null })

  const backup = await makeBackup(server.id, { disk: 's3', nodeId: node.id })
  const bytes = Buffer.from('an archive')
  store.objects.set(`${server.uuid}/${backup.uuid}.tar.gz`, {
    bytes,
    type: 'application/x-gzip',
    storageClass: undefined,
  })
  const fetched = await fetch(await presignDownload(backup))
  expect(await fetched.text()).toBe('an archive')
  await useDrizzle().delete(serverBackups)
  await discardObject({ backupHostId: null, server: server.uuid, backup: backup.uuid, uploadId: null })
  expect(store.objects.size).toBe(0)

  const as = await signedInAs(await makeRootAdmin())
  const { body } = await request('GET /api/application/backup-hosts', { as })
  expect(body.meta.environment).toEqual({ endpoint: store.url, bucket: STORE_KEYS.bucket, takes_backups: true })
  expect(JSON.stringify(body)).not.toContain('canary')
})
