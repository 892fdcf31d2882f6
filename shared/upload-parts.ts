/** What every S3-compatible store takes, in bytes; only the last part may be smaller. */
export const PART_SIZE_MIN = 5 * 1024 ** 2
export const PART_SIZE_MAX = 5 * 1024 ** 3
export const PART_SIZE_USUAL = 128 * 1024 ** 2

export const PARTS_MAX = 10_000

/** How many parts a node may send at the same time. Wings of today sends them one after the other. */
export const CONCURRENT_UPLOADS_USUAL = 10
