import { describe, expect, it } from 'vitest'
import { progressAfter, transferSentence, type TransferProgress } from '../../../app/utils/transfer-log'

const said = (text: string) => `Tue, 24 Nov 2026 10:16:20 UTC [Transfer System] [Source Node]: ${text}`
const after = (...lines: string[]) => lines.map(said).reduce<TransferProgress>(progressAfter, { isSent: false })

describe('what a source says of a transfer', () => {
  it('tells how far it is', () => {
    expect(after('Streaming archive to destination...')).toEqual({ isSent: false })
    expect(after('Uploading [============             ] 12.5 MiB / 50.0 MiB')).toEqual({
      done: 12.5 * 1024 ** 2,
      total: 50 * 1024 ** 2,
      isSent: false,
    })
    expect(after('Uploading [                         ] 512 B / 1.0 TiB')).toMatchObject({
      done: 512,
      total: 1024 ** 4,
    })
  })

  it('tells when all was sent, and when it begins again', () => {
    const all = [
      'Uploading [=========================] 50.0 MiB / 50.0 MiB',
      'Finished streaming archive to destination.',
    ]
    expect(after(...all)).toMatchObject({ isSent: true, done: 50 * 1024 ** 2 })
    expect(after(...all, 'Preparing to stream server data to destination...')).toEqual({ isSent: false })
  })

  it('says nothing about other lines', () => {
    expect(after('Uploading [====] ? / ?')).toEqual({ isSent: false })
    expect(transferSentence(said('Canceled.'))).toBe('Canceled.')
  })
})
