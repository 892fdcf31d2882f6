import { PART_SIZE_MAX, PART_SIZE_MIN, PART_SIZE_USUAL, PARTS_MAX } from '#shared/upload-parts'

const MIB = 1024 ** 2
const HOUR = 60 * 60
/** No store signs for longer. */
const LONGEST_SECONDS = 7 * 24 * HOUR
/** Slower than any line on which people keep backups elsewhere. */
const SLOWEST_BYTES_PER_SECOND = MIB

interface Plan {
  partSize: number
  count: number
  /** How long the addresses of the parts hold. */
  seconds: number
}

/**
 * How an archive is cut. The usual size grows, in whole MiB, where it would make more parts than a store takes.
 *
 * A node asks once, for all addresses, and sends the parts one after the other: the last address has to hold until the
 * whole archive before it has gone through a slow line, which is more than an hour from 4 GiB on. Holding long costs
 * little: an address takes one numbered part of one upload, and is worth nothing once that has ended.
 */
export function planParts(size: number, usual: number | null): Plan {
  const wanted = Math.min(Math.max(usual ?? PART_SIZE_USUAL, PART_SIZE_MIN), PART_SIZE_MAX)
  const needed = Math.ceil(size / PARTS_MAX / MIB) * MIB
  const partSize = Math.max(wanted, needed)
  return {
    partSize,
    count: Math.ceil(size / partSize),
    seconds: Math.min(LONGEST_SECONDS, HOUR + Math.ceil(size / SLOWEST_BYTES_PER_SECOND)),
  }
}
