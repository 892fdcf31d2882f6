import { call, presign, StoreRefusal } from './call'
import type { Bucket } from './bucket'
import { escaped, textOf } from './xml'

export type { Bucket } from './bucket'
export { StoreRefusal } from './call'

/** As the node got it, the quotation marks of the tag among it. */
export interface StoredPart {
  etag: string
  part_number: number
}

/** Wings restores only what is labelled so. */
const ARCHIVE_TYPE = 'application/x-gzip'

const XML_TYPE = { 'content-type': 'application/xml' }

/**
 * The one door to an object store. Every operation throws `object_store.unreachable` when no answer comes, and
 * `object_store.refused` with the store's own code and sentence.
 */
export function objectStore(bucket: Bucket, { storageClass = null }: { storageClass?: string | null } = {}) {
  const kept: Record<string, string> = storageClass ? { 'x-amz-storage-class': storageClass } : {}
  /** The key of the day, derived once for many addresses. */
  const keys = new Map<string, ArrayBuffer>()

  return {
    put: async (key: string, body: string) => {
      await call(bucket, 'PUT', key, { body, headers: { ...kept, 'content-type': 'text/plain' } })
    },

    get: async (key: string) => (await call(bucket, 'GET', key)).text,

    /** Null where there is no such object. */
    sizeOf: async (key: string): Promise<number | null> => {
      const answer = await call(bucket, 'HEAD', key).catch(whereGone(null))
      return answer && Number(answer.headers['content-length'])
    },

    /** An object that is not there is removed. */
    remove: async (key: string) => {
      await call(bucket, 'DELETE', key).catch(whereGone(null, 'NoSuchKey'))
    },

    /** Begins an upload in parts; says its id. */
    startUpload: async (key: string): Promise<string> => {
      const { text } = await call(bucket, 'POST', key, {
        query: { uploads: '' },
        headers: { ...kept, 'content-type': ARCHIVE_TYPE },
      })
      const id = textOf(text, 'UploadId')
      if (!id) throw new StoreRefusal(200, text)
      return id
    },

    /** May take minutes for many parts. An answer that began as a success can still end as a refusal. */
    completeUpload: async (key: string, uploadId: string, parts: readonly StoredPart[], timeoutMs: number) => {
      const named = parts.map(
        ({ etag, part_number: number }) =>
          `<Part><PartNumber>${number}</PartNumber><ETag>${escaped(etag)}</ETag></Part>`,
      )
      const body = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${named.join('')}</CompleteMultipartUpload>`
      const { text } = await call(bucket, 'POST', key, { query: { uploadId }, headers: XML_TYPE, body, timeoutMs })
      if (/<Error[\s>]/.test(text)) throw new StoreRefusal(200, text)
    },

    /** An upload that is over, or never was, is aborted. */
    abortUpload: async (key: string, uploadId: string) => {
      await call(bucket, 'DELETE', key, { query: { uploadId } }).catch(whereGone(null, 'NoSuchUpload'))
    },

    presignPart: (key: string, uploadId: string, part: number, seconds: number) =>
      presign(bucket, 'PUT', key, { query: { partNumber: String(part), uploadId }, seconds, keys }),

    presignDownload: (key: string, seconds: number) => presign(bucket, 'GET', key, { seconds, keys }),
  }
}

/** What an operation answers where a thing is not there. A missing bucket is another matter, where the store says so. */
function whereGone<Value>(value: Value, ...codes: string[]) {
  return (error: unknown): Value => {
    const isGone = error instanceof StoreRefusal && error.storeStatus === 404
    if (isGone && [...codes, 'HTTP 404'].includes(String(error.values.code))) return value
    throw error
  }
}
