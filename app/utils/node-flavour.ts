export const NODE_FLAVOURS = ['pterodactyl', 'pelican'] as const
export type NodeFlavour = (typeof NODE_FLAVOURS)[number]

/** Where the daemon of a flavour looks for its file. */
export const configurationPathOf = (flavour: NodeFlavour) => `/etc/${flavour}/config.yml`
