import type { UserRow } from '#server/database/schema'

/** The end of a sign-in, in the form that mobile apps read. */
export function serializeSignedIn(user: UserRow) {
  return {
    data: {
      complete: true as const,
      intended: '/',
      user: {
        uuid: user.uuid,
        username: user.username,
        email: user.email,
        name_first: user.nameFirst ?? '',
        name_last: user.nameLast ?? '',
        root_admin: user.rootAdmin,
        use_totp: user.useTotp,
        language: user.language,
      },
    },
  }
}
