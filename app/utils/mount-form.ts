import type { Mount } from '#shared/contracts/application/mounts'

/** What the form of a mount holds. */
export interface MountDraft {
  name: string
  description: string
  source: string
  target: string
  isReadOnly: boolean
  isUserMountable: boolean
  nodes: number[]
  eggs: number[]
}

/** What is shared is meant to be read: writing is switched on by hand. */
export const mountDraftOf = (mount?: Mount): MountDraft => ({
  name: mount?.name ?? '',
  description: mount?.description ?? '',
  source: mount?.source ?? '',
  target: mount?.target ?? '',
  isReadOnly: mount?.read_only ?? true,
  isUserMountable: mount?.user_mountable ?? false,
  nodes: mount?.nodes.map(({ id }) => id) ?? [],
  eggs: mount?.eggs.map(({ id }) => id) ?? [],
})

/** The same in the words of the wire. */
export const mountBodyOf = (draft: MountDraft) => ({
  name: draft.name.trim(),
  description: draft.description.trim() || null,
  source: draft.source.trim(),
  target: draft.target.trim(),
  read_only: draft.isReadOnly,
  user_mountable: draft.isUserMountable,
  nodes: draft.nodes,
  eggs: draft.eggs,
})

export type MountForm = ReturnType<typeof mountBodyOf>
