/** What a subuser may be allowed, in Pterodactyl's words, with the sentences of its catalogue. */
export const PERMISSION_GROUPS = {
  websocket: {
    description: 'Allows the user to connect to the server websocket.',
    keys: { connect: 'Allows a user to connect to the websocket instance for a server to stream the console.' },
  },
  control: {
    description: "Permissions that control a user's ability to control the power state of a server, or send commands.",
    keys: {
      console: 'Allows a user to send commands to the server instance via the console.',
      start: 'Allows a user to start the server if it is stopped.',
      stop: 'Allows a user to stop a server if it is running.',
      restart: 'Allows a user to perform a server restart.',
    },
  },
  user: {
    description: 'Permissions that allow a user to manage other subusers of a server.',
    keys: {
      create: 'Allows a user to create new subusers for the server.',
      read: 'Allows the user to view subusers and their permissions for the server.',
      update: 'Allows a user to modify other subusers.',
      delete: 'Allows a user to delete a subuser from the server.',
    },
  },
  file: {
    description: "Permissions that control a user's ability to modify the filesystem of a server.",
    keys: {
      create: 'Allows a user to create additional files and folders, or upload new ones.',
      read: 'Allows a user to view the contents of a directory, but not of files.',
      'read-content': 'Allows a user to view and download the contents of a file.',
      update: 'Allows a user to rename and move files and to change their mode.',
      delete: 'Allows a user to delete files or directories.',
      archive: 'Allows a user to archive the contents of a directory.',
      sftp: 'Allows a user to connect over SFTP with the other file permissions held.',
    },
  },
  backup: {
    description: "Permissions that control a user's ability to make and manage backups.",
    keys: {
      create: 'Allows a user to create new backups for this server.',
      read: 'Allows a user to view the backups of this server.',
      delete: 'Allows a user to delete, lock and unlock backups.',
      download: 'Allows a user to download a backup of the server.',
      restore: 'Allows a user to restore a backup, which may replace all files.',
    },
  },
  allocation: {
    description: "Permissions that control a user's ability to modify the ports of this server.",
    keys: {
      read: 'Allows a user to view all allocations of this server.',
      create: 'Allows a user to assign additional allocations to the server.',
      update: 'Allows a user to change the primary allocation and notes.',
      delete: 'Allows a user to release an allocation of the server.',
    },
  },
  startup: {
    description: "Permissions that control a user's ability to change how this server starts.",
    keys: {
      read: 'Allows a user to view the startup variables of a server.',
      update: 'Allows a user to modify the startup variables of the server.',
      'docker-image': "Allows a user to choose another of the images of the server's egg.",
    },
  },
  database: {
    description: "Permissions that control a user's access to the databases of this server.",
    keys: {
      create: 'Allows a user to create a new database for this server.',
      read: 'Allows a user to view the databases of this server.',
      update: 'Allows a user to rotate the password of a database.',
      delete: 'Allows a user to remove a database from this server.',
      view_password: 'Allows a user to view the password of a database.',
    },
  },
  schedule: {
    description: "Permissions that control a user's access to the schedules of this server.",
    keys: {
      create: 'Allows a user to create new schedules for this server.',
      read: 'Allows a user to view schedules and their tasks.',
      update: 'Allows a user to update schedules and their tasks.',
      delete: 'Allows a user to delete schedules of this server.',
    },
  },
  settings: {
    description: "Permissions that control a user's access to the settings of this server.",
    keys: {
      rename: 'Allows a user to rename this server and change its description.',
      reinstall: 'Allows a user to trigger a reinstall of this server.',
    },
  },
  activity: {
    description: "Permissions that control a user's access to the activity log of this server.",
    keys: { read: 'Allows a user to view the activity log of the server.' },
  },
} as const

type Groups = typeof PERMISSION_GROUPS
export type ServerPermission = {
  [Group in keyof Groups]: `${Group}.${Extract<keyof Groups[Group]['keys'], string>}`
}[keyof Groups]

export const SERVER_PERMISSIONS = Object.entries(PERMISSION_GROUPS).flatMap(([group, { keys }]) =>
  Object.keys(keys).map((key) => `${group}.${key}` as ServerPermission),
)

const known = new Set<string>(SERVER_PERMISSIONS)
export const isServerPermission = (name: string): name is ServerPermission => known.has(name)

/** Pelican spells one of them in its own way. */
const OTHER_SPELLINGS: Partial<Record<string, ServerPermission>> = {
  'database.view-password': 'database.view_password',
}
export const spelledOurWay = (name: string): string => OTHER_SPELLINGS[name] ?? name

/** What only administrators see in a console; part of tokens and of `user_permissions`, never of a subuser. */
export const ADMINISTRATOR_OUTPUT = [
  'admin.websocket.errors',
  'admin.websocket.install',
  'admin.websocket.transfer',
] as const

/** The nine that the API's application keys have always named. */
export const API_RESOURCES = [
  'servers',
  'nodes',
  'allocations',
  'users',
  'locations',
  'nests',
  'eggs',
  'database_hosts',
  'server_databases',
] as const

/** What roles and application keys are weighed by: the nine, then ours. */
export const ADMIN_RESOURCES = [
  ...API_RESOURCES,
  'roles',
  'mounts',
  'backup_hosts',
  'webhooks',
  'settings',
  'audit',
  'audit_addresses',
  'health',
  'logs',
  'announcements',
  'api_keys',
  'install_scripts',
  'impersonation',
] as const
export type AdminResource = (typeof ADMIN_RESOURCES)[number]

/** What the overview has parts of: each is seen by its own right. */
export const OVERVIEW_RESOURCES = [
  'nodes',
  'servers',
  'users',
  'eggs',
  'allocations',
  'backup_hosts',
  'database_hosts',
  'health',
] as const satisfies AdminResource[]

/** What an application key may carry: all but making further keys and acting as somebody else, which only people do. */
export const KEY_RESOURCES = ADMIN_RESOURCES.filter(
  (resource) => resource !== 'api_keys' && resource !== 'impersonation',
)
export type KeyResource = (typeof KEY_RESOURCES)[number]

/** Bits: a value of 2 writes but does not read. */
export const LEVEL = { read: 1, write: 2 } as const
export type Level = keyof typeof LEVEL

export type Grants = Partial<Record<AdminResource, number>>
