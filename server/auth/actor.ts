import type { Grants, ServerPermission } from '#shared/permissions'

/** How somebody came in. A key is a narrower actor, never another kind of caller. */
export type Door =
  | { kind: 'session'; sessionId: string; impersonatorId: string | null }
  | {
      kind: 'account-key'
      identifier: string
      servers: readonly string[] | null
      permissions: readonly ServerPermission[] | null
    }
  | { kind: 'application-key'; identifier: string; carries: Grants }
  | { kind: 'deploy-key'; identifier: string; keyId: string; nodeId: string; carries: Grants }
  | { kind: 'sftp' }
  | { kind: 'system' }

/** Who asks. Facts only: what they may is decided by the policies. */
export interface Actor {
  /** `users.id`; null for the panel itself. */
  userId: string | null
  uuid: string | null
  username: string
  isRootAdmin: boolean
  /** From all roles together. */
  grants: Grants
  /** The nodes his roles are limited to; null where none of them is limited. */
  nodeIds: readonly string[] | null
  door: Door
  /** Of the client, IPv6 in full. Null for the panel itself. */
  ip: string | null
  userAgent: string | null
}

/** An actor that is a person. */
export type Person = Actor & { userId: string; uuid: string; ip: string }

/** Jobs, the command line and what nodes report. */
export const SYSTEM: Actor = {
  userId: null,
  uuid: null,
  username: 'system',
  isRootAdmin: true,
  grants: {},
  nodeIds: null,
  door: { kind: 'system' },
  ip: null,
  userAgent: null,
}
