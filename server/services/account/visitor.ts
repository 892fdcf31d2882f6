/** Where somebody stands who is not signed in yet. */
export interface Visitor {
  /** The panel's own address, as this visitor has to use it: cookies follow it. */
  panelAddress: string
  ip: string
  userAgent: string | null
  /** What this browser was given by people who trust it, the newest first. */
  trustTokens: readonly string[]
}
