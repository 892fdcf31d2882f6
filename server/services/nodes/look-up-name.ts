import { isPrivate } from '#server/services/files/assert-public'
import { addressesOf } from '#server/services/outside/addresses-of'

/** A form waits for it while somebody types. */
const WAIT_MS = 2_000
const SHOWN_MOST = 4

interface FoundName {
  addresses: string[]
  /** All of them lie in somebody's own network: only browsers in it get there. */
  isPrivate: boolean
}

/** Where a name leads, as the panel's own machine resolves it; to nowhere where nobody knows it in time. */
export async function lookUpName(name: string): Promise<FoundName> {
  const addresses = await addressesOf(name.replace(/^\[(.*)\]$/, '$1'), WAIT_MS)
  return { addresses: addresses.slice(0, SHOWN_MOST), isPrivate: addresses.length > 0 && addresses.every(isPrivate) }
}
