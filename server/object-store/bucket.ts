import { isIP } from 'node:net'

/** One bucket of an S3-compatible store, and what opens it. */
export interface Bucket {
  /** Null: Amazon's own, in the region. */
  endpoint: string | null
  region: string
  bucket: string
  accessKeyId: string
  secretAccessKey: string
  /** The bucket stands in the path, not in the name of the host. */
  usesPathStyle: boolean
}

/** Where an object is, or with an empty key the bucket. A path of the endpoint stays in front. */
export function addressOf({ endpoint, region, bucket, usesPathStyle }: Bucket, key: string): URL {
  const url = new URL(endpoint ?? `https://s3.${region}.amazonaws.com`)
  const before = url.pathname.replace(/\/+$/, '')
  // No name can stand in front of an address.
  if (usesPathStyle || isIP(url.hostname.replace(/^\[|\]$/g, '')) > 0) {
    url.pathname = `${before}/${bucket}/${key}`
    return url
  }

  url.hostname = `${bucket}.${url.hostname}`
  url.pathname = `${before}/${key}`
  return url
}
