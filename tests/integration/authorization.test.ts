import { beforeAll, describe, expect, it } from 'vitest'
import { eq } from 'drizzle-orm'
import { useDrizzle, usePool } from '#server/database/client'
import { servers, users, type ServerRow } from '#server/database/schema'
import { KEY_RESOURCES } from '#shared/permissions'
import { nobody, request, signedInAs, withKey, type Caller } from '../support/api'
import { makeApiKey, makeRootAdmin, makeServer, makeTransfer } from '../support/factories'
import { routeFiles, signatureOf } from '../support/routes'
import { changeSettings } from '../support/settings'
import { makeKey, makeWorld, type World } from '../support/world'

/** Who may do what. `in` means that the guard let the caller pass; a number is the answer at the door. */
const TABLE = `
                                                                      nobody stranger bystander helper owner root key node other-node target-node
GET    /api/remote/servers                                            401    401      401       401    401   401  400 in   in         in
POST   /api/remote/servers/reset                                      401    401      401       401    401   401  400 in   in         in
GET    /api/remote/servers/:server                                    401    401      401       401    401   401  400 in   404        in
GET    /api/remote/servers/:server/install                            401    401      401       401    401   401  400 in   404        404
POST   /api/remote/servers/:server/install                            401    401      401       401    401   401  400 in   404        404
POST   /api/remote/servers/:server/container/status                   401    401      401       401    401   401  400 in   404        404
GET    /api/remote/backups/:backup                                    401    401      401       401    401   401  400 in   404        404
POST   /api/remote/servers/:server/transfer/success                   401    401      401       401    401   401  400 in   404        in
GET    /api/remote/servers/:server/transfer/success                   401    401      401       401    401   401  400 in   404        in
POST   /api/remote/servers/:server/transfer/failure                   401    401      401       401    401   401  400 in   404        in
GET    /api/remote/servers/:server/transfer/failure                   401    401      401       401    401   401  400 in   404        in
POST   /api/remote/backups/:backup                                    401    401      401       401    401   401  400 in   404        404
POST   /api/remote/backups/:backup/restore                            401    401      401       401    401   401  400 in   404        404
POST   /api/remote/activity                                           401    401      401       401    401   401  400 in   in         in
POST   /api/remote/sftp/auth                                          401    401      401       401    401   401  400 in   in         in
GET    /api/client                                                    401    in       in        in     in    in   403 401  401        401
GET    /api/client/backups                                            401    in       in        in     in    in   403 401  401        401
GET    /api/client/permissions                                        401    in       in        in     in    in   403 401  401        401
GET    /api/client/resources                                          401    in       in        in     in    in   403 401  401        401
GET    /api/client/servers/:server                                    401    404      in        in     in    in   403 401  401        401
GET    /api/client/servers/:server/resources                          401    404      in        in     in    in   403 401  401        401
GET    /api/client/servers/:server/websocket                          401    404      in        in     in    in   403 401  401        401
GET    /api/client/servers/:server/install-log                        401    404      403       403    in    in   403 401  401        401
POST   /api/client/servers/:server/command                            401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/power                              401    404      403       403    in    in   403 401  401        401
POST   /api/client/servers/:server/settings/rename                    401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/settings/reinstall                 401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/settings/description               401    404      403       in     in    in   403 401  401        401
PUT    /api/client/servers/:server/settings/docker-image              401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/startup                            401    404      403       in     in    in   403 401  401        401
PUT    /api/client/servers/:server/startup/variable                   401    404      403       in     in    in   403 401  401        401
PUT    /api/client/servers/:server/startup/command                    401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/mounts                             401    404      403       in     in    in   403 401  401        401
PUT    /api/client/servers/:server/mounts/:mount                      401    404      403       in     in    in   403 401  401        401
DELETE /api/client/servers/:server/mounts/:mount                      401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/files/list                         401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/files/contents                     401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/files/download                     401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/files/upload                       401    404      403       in     in    in   403 401  401        401
PUT    /api/client/servers/:server/files/rename                       401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/files/copy                         401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/files/write                        401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/files/compress                     401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/files/decompress                   401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/files/delete                       401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/files/create-folder                401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/files/pull                         401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/files/pull                         401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/files/search                       401    404      403       in     in    in   403 401  401        401
DELETE /api/client/servers/:server/files/pull/:pull                   401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/files/chmod                        401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/backups                            401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/backups                            401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/backups/:backup                    401    404      403       in     in    in   403 401  401        401
DELETE /api/client/servers/:server/backups/:backup                    401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/backups/:backup/download           401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/backups/:backup/lock               401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/backups/:backup/restore            401    404      403       in     in    in   403 401  401        401
PUT    /api/client/servers/:server/backups/:backup/rename             401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/databases                          401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/databases                          401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/databases/hosts                    401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/databases/sizes                    401    404      403       in     in    in   403 401  401        401
DELETE /api/client/servers/:server/databases/:database                401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/databases/:database/rotate-password 401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/network/allocations                401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/network/allocations                401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/network/allocations/:allocation    401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/network/allocations/:allocation/primary 401    404      403       in     in    in   403 401  401        401
DELETE /api/client/servers/:server/network/allocations/:allocation    401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/activity                           401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/activity/export                    401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/schedules                          401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/schedules                          401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/schedules/import                   401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/schedules/:schedule                401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/schedules/:schedule                401    404      403       in     in    in   403 401  401        401
PATCH  /api/client/servers/:server/schedules/:schedule                401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/schedules/:schedule/execute        401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/schedules/:schedule/export         401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/schedules/:schedule/runs           401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/schedules/:schedule/tasks          401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/schedules/:schedule/tasks/:task    401    404      403       in     in    in   403 401  401        401
DELETE /api/client/servers/:server/schedules/:schedule/tasks/:task    401    404      403       in     in    in   403 401  401        401
DELETE /api/client/servers/:server/schedules/:schedule                401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/users                              401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/users                              401    404      403       in     in    in   403 401  401        401
GET    /api/client/servers/:server/users/:user                        401    404      403       in     in    in   403 401  401        401
POST   /api/client/servers/:server/users/:user                        401    404      403       in     in    in   403 401  401        401
DELETE /api/client/servers/:server/users/:user                        401    404      403       in     in    in   403 401  401        401
GET    /api/application/servers                                       401    403      403       403    403   in   in  401  401        401
POST   /api/application/servers                                       401    403      403       403    403   in   403 401  401        401
POST   /api/application/servers/power                                 401    403      403       403    403   in   403 401  401        401
POST   /api/application/servers/suspension                            401    403      403       403    403   in   403 401  401        401
GET    /api/application/servers/external/:external                    401    403      403       403    403   404  404 401  401        401
GET    /api/application/servers/:server                               401    403      403       403    403   in   in  401  401        401
PATCH  /api/application/servers/:server/details                       401    403      403       403    403   in   403 401  401        401
PATCH  /api/application/servers/:server/build                         401    403      403       403    403   in   403 401  401        401
PATCH  /api/application/servers/:server/startup                       401    403      403       403    403   in   403 401  401        401
POST   /api/application/servers/:server/suspend                       401    403      403       403    403   in   403 401  401        401
POST   /api/application/servers/:server/unsuspend                     401    403      403       403    403   in   403 401  401        401
POST   /api/application/servers/:server/reinstall                     401    403      403       403    403   in   403 401  401        401
POST   /api/application/servers/:server/installed                     401    403      403       403    403   in   403 401  401        401
GET    /api/application/servers/:server/activity                      401    403      403       403    403   in   in  401  401        401
POST   /api/application/servers/:server/egg                           401    403      403       403    403   in   403 401  401        401
POST   /api/application/servers/:server/egg/preview                   401    403      403       403    403   in   403 401  401        401
POST   /api/application/servers/:server/transfer                      401    403      403       403    403   in   403 401  401        401
GET    /api/application/servers/:server/transfer                      401    403      403       403    403   in   in  401  401        401
POST   /api/application/servers/:server/transfer/cancel               401    403      403       403    403   in   403 401  401        401
GET    /api/application/servers/:server/transfer/options              401    403      403       403    403   in   403 401  401        401
DELETE /api/application/servers/:server                               401    403      403       403    403   in   403 401  401        401
DELETE /api/application/servers/:server/force                         401    403      403       403    403   in   403 401  401        401
GET    /api/application/backup-hosts                                  401    403      403       403    403   in   403 401  401        401
POST   /api/application/backup-hosts                                  401    403      403       403    403   in   403 401  401        401
GET    /api/application/backup-hosts/:backupHost                      401    403      403       403    403   in   403 401  401        401
PATCH  /api/application/backup-hosts/:backupHost                      401    403      403       403    403   in   403 401  401        401
POST   /api/application/backup-hosts/:backupHost/test                 401    403      403       403    403   in   403 401  401        401
DELETE /api/application/backup-hosts/:backupHost                      401    403      403       403    403   in   403 401  401        401
GET    /api/application/database-hosts                                401    403      403       403    403   in   403 401  401        401
POST   /api/application/database-hosts                                401    403      403       403    403   in   403 401  401        401
GET    /api/application/database-hosts/:databaseHost                  401    403      403       403    403   in   403 401  401        401
PATCH  /api/application/database-hosts/:databaseHost                  401    403      403       403    403   in   403 401  401        401
DELETE /api/application/database-hosts/:databaseHost                  401    403      403       403    403   in   403 401  401        401
GET    /api/application/database-hosts/:databaseHost/databases        401    403      403       403    403   in   403 401  401        401
POST   /api/application/database-hosts/:databaseHost/test             401    403      403       403    403   in   403 401  401        401
GET    /api/application/mounts                                        401    403      403       403    403   in   403 401  401        401
POST   /api/application/mounts                                        401    403      403       403    403   in   403 401  401        401
GET    /api/application/mounts/:mount                                 401    403      403       403    403   in   403 401  401        401
PATCH  /api/application/mounts/:mount                                 401    403      403       403    403   in   403 401  401        401
DELETE /api/application/mounts/:mount                                 401    403      403       403    403   in   403 401  401        401
GET    /api/application/mounts/:mount/eggs                            401    403      403       403    403   in   403 401  401        401
POST   /api/application/mounts/:mount/eggs                            401    403      403       403    403   in   403 401  401        401
DELETE /api/application/mounts/:mount/eggs/:egg                       401    403      403       403    403   in   403 401  401        401
GET    /api/application/mounts/:mount/nodes                           401    403      403       403    403   in   403 401  401        401
POST   /api/application/mounts/:mount/nodes                           401    403      403       403    403   in   403 401  401        401
DELETE /api/application/mounts/:mount/nodes/:node                     401    403      403       403    403   in   403 401  401        401
GET    /api/application/mounts/:mount/servers                         401    403      403       403    403   in   403 401  401        401
POST   /api/application/mounts/:mount/servers                         401    403      403       403    403   in   403 401  401        401
DELETE /api/application/mounts/:mount/servers/:server                 401    403      403       403    403   in   403 401  401        401
GET    /api/application/servers/:server/mounts                        401    403      403       403    403   in   403 401  401        401
PUT    /api/application/servers/:server/mounts/:mount                 401    403      403       403    403   in   403 401  401        401
DELETE /api/application/servers/:server/mounts/:mount                 401    403      403       403    403   in   403 401  401        401
GET    /api/application/servers/:server/databases                     401    403      403       403    403   in   403 401  401        401
POST   /api/application/servers/:server/databases                     401    403      403       403    403   in   403 401  401        401
GET    /api/application/servers/:server/databases/:database           401    403      403       403    403   in   403 401  401        401
DELETE /api/application/servers/:server/databases/:database           401    403      403       403    403   in   403 401  401        401
POST   /api/application/servers/:server/databases/:database/reset-password 401   403      403       403    403   in   403 401  401        401
GET    /api/application/identity-providers                            401    403      403       403    403   in   403 401  401        401
POST   /api/application/identity-providers                            401    403      403       403    403   in   403 401  401        401
POST   /api/application/identity-providers/order                      401    403      403       403    403   in   403 401  401        401
GET    /api/application/identity-providers/:provider                  401    403      403       403    403   in   403 401  401        401
PATCH  /api/application/identity-providers/:provider                  401    403      403       403    403   in   403 401  401        401
POST   /api/application/identity-providers/:provider/test             401    403      403       403    403   in   403 401  401        401
DELETE /api/application/identity-providers/:provider                  401    403      403       403    403   in   403 401  401        401
GET    /api/application/settings                                      401    403      403       403    403   in   403 401  401        401
PATCH  /api/application/settings                                      401    403      403       403    403   in   403 401  401        401
POST   /api/application/settings/mail/test                            401    403      403       403    403   in   403 401  401        401
GET    /api/application/mail-templates                                401    403      403       403    403   in   403 401  401        401
PUT    /api/application/mail-templates/:template/:language            401    403      403       403    403   in   403 401  401        401
DELETE /api/application/mail-templates/:template/:language            401    403      403       403    403   in   403 401  401        401
GET    /api/application/announcements                                 401    403      403       403    403   in   403 401  401        401
POST   /api/application/announcements                                 401    403      403       403    403   in   403 401  401        401
PATCH  /api/application/announcements/:announcement                   401    403      403       403    403   404  403 401  401        401
DELETE /api/application/announcements/:announcement                   401    403      403       403    403   404  403 401  401        401
GET    /api/client/announcements                                      401    in       in        in     in    in   403 401  401        401
POST   /api/client/announcements/:announcement/dismiss                401    404      404       404    404   404  403 401  401        401
PUT    /api/application/settings/images/:brand                        401    403      403       403    403   in   403 401  401        401
DELETE /api/application/settings/images/:brand                        401    403      403       403    403   in   403 401  401        401
GET    /sanctum/csrf-cookie                                           in     in       in       in     in    in   in  in   in         in
POST   /auth/login                                                    in     in       in       in     in    in   in  in   in         in
POST   /auth/login/checkpoint                                         in     in       in       in     in    in   in  in   in         in
POST   /auth/passkey                                                   in     in       in       in     in    in   in  in   in         in
POST   /auth/passkey/options                                           in     in       in       in     in    in   in  in   in         in
POST   /auth/password                                                 in     in       in       in     in    in   in  in   in         in
POST   /auth/password/link                                            in     in       in       in     in    in   in  in   in         in
POST   /auth/password/reset                                           in     in       in       in     in    in   in  in   in         in
POST   /auth/providers/:provider                                      in     in       in       in     in    in   in  in   in         in
GET    /auth/callback/:provider                                       in     in       in       in     in    in   in  in   in         in
GET    /auth/captcha                                                  in     in       in       in     in    in   in  in   in         in
POST   /auth/register                                                 in     in       in       in     in    in   in  in   in         in
POST   /auth/register/link                                            in     in       in       in     in    in   in  in   in         in
POST   /auth/register/confirm                                         in     in       in       in     in    in   in  in   in         in
POST   /auth/logout                                                   in     in       in       in     in    in   in  in   in         in
POST   /api/client/setup                                              in     in       in       in     in    in   in  in   in         in
POST   /api/client/setup/link                                         in     in       in       in     in    in   in  in   in         in
GET    /api/client/session                                            in     in       in       in     in    in   in  in   in         in
GET    /api/client/account                                            401    in       in       in     in    in   403 401  401        401
GET    /api/client/account/api-keys                                   401    in       in        in     in    in   403 401  401        401
POST   /api/client/account/api-keys                                   401    in       in        in     in    in   403 401  401        401
DELETE /api/client/account/api-keys/:identifier                       401    404      404       404    404   404  403 401  401        401
GET    /api/client/account/activity                                   401    in       in       in     in    in   403 401  401        401
GET    /api/client/account/profile                                    401    in       in       in     in    in   403 401  401        401
PATCH  /api/client/account/profile                                    401    in       in       in     in    in   403 401  401        401
PATCH  /api/client/account/preferences                                401    in       in       in     in    in   403 401  401        401
PUT    /api/client/account/email                                      401    in       in       in     in    in   403 401  401        401
PUT    /api/client/account/password                                   401    in       in       in     in    in   403 401  401        401
GET    /api/client/account/ssh-keys                                   401    in       in        in     in    in   403 401  401        401
POST   /api/client/account/ssh-keys                                   401    in       in        in     in    in   403 401  401        401
POST   /api/client/account/ssh-keys/remove                            401    in       in        in     in    in   403 401  401        401
DELETE /api/client/account/ssh-keys/:fingerprint                      401    404      404       404    404   404  403 401  401        401
GET    /api/client/account/permission-presets                         401    in       in        in     in    in   403 401  401        401
POST   /api/client/account/permission-presets                         401    in       in        in     in    in   403 401  401        401
PATCH  /api/client/account/permission-presets/:preset                 401    in       in        in     in    in   403 401  401        401
DELETE /api/client/account/permission-presets/:preset                 401    404      404       404    404   404  403 401  401        401
GET    /api/client/account/sessions                                   401    in       in       in     in    in   403 401  401        401
GET    /api/client/account/two-factor                                 401    in       in       in     in    in   403 401  401        401
POST   /api/client/account/two-factor                                 401    in       in       in     in    in   403 401  401        401
POST   /api/client/account/two-factor/disable                         401    in       in       in     in    in   403 401  401        401
DELETE /api/client/account/two-factor                                 401    in       in       in     in    in   403 401  401        401
POST   /api/client/account/two-factor/recovery-codes                  401    in       in       in     in    in   403 401  401        401
GET    /api/client/account/passkeys                                   401    in       in       in     in    in   403 401  401        401
POST   /api/client/account/passkeys                                   401    in       in       in     in    in   403 401  401        401
POST   /api/client/account/passkeys/options                           401    in       in       in     in    in   403 401  401        401
PATCH  /api/client/account/passkeys/:passkey                          401    in       in       in     in    in   403 401  401        401
DELETE /api/client/account/passkeys/:passkey                          401    404      404      404    404   404  403 401  401        401
GET    /api/client/account/trusted-browsers                           401    in       in       in     in    in   403 401  401        401
DELETE /api/client/account/trusted-browsers/:trustedBrowser           401    404      404      404    404   404  403 401  401        401
DELETE /api/client/session/impersonation                              401    in       in       in     in    in   403 401  401        401
DELETE /api/client/account/sessions                                   401    in       in       in     in    in   403 401  401        401
DELETE /api/client/account/sessions/:session                          401    in       in       in     in    in   403 401  401        401
GET    /api/client/account/identities                                 401    in       in       in     in    in   403 401  401        401
POST   /api/client/account/identities                                 401    in       in       in     in    in   403 401  401        401
DELETE /api/client/account/identities/:identity                       401    404      404       404    404   404  403 401  401        401
GET    /api/application/users                                         401    403      403      403    403   in   in  401  401        401
GET    /api/application/users/:user                                   401    403      403      403    403   in   in  401  401        401
GET    /api/application/users/external/:external                      401    403      403      403    403   404  404 401  401        401
POST   /api/application/users                                         401    403      403      403    403   in   403 401  401        401
PATCH  /api/application/users/:user                                   401    403      403      403    403   in   403 401  401        401
DELETE /api/application/users/:user                                   401    403      403      403    403   in   403 401  401        401
POST   /api/application/users/:user/suspend                           401    403      403      403    403   in   403 401  401        401
POST   /api/application/users/:user/unsuspend                         401    403      403      403    403   in   403 401  401        401
DELETE /api/application/users/:user/two-factor                        401    403      403      403    403   in   403 401  401        401
POST   /api/application/users/:user/link                              401    403      403      403    403   in   403 401  401        401
PUT    /api/application/users/:user/roles                             401    403    403    403    403    in     403    401    401    401
PATCH  /api/application/users/:user/roles/assign                      401    403    403    403    403    in     403    401    401    401
PATCH  /api/application/users/:user/roles/remove                      401    403    403    403    403    in     403    401    401    401
POST   /api/application/users/:user/act-as                            401    403    403    403    403    404    403    401    401    401
POST   /api/application/users/:user/temporary-password                401    403    403    403    403    404    403    401    401    401
GET    /api/application/users/:user/sessions                          401    403    403    403    403    in     in     401    401    401
DELETE /api/application/users/:user/sessions                          401    403    403    403    403    in     403    401    401    401
DELETE /api/application/users/:user/sessions/:session                 401    403    403    403    403    404    403    401    401    401
GET    /api/application/users/:user/api-keys                          401    403    403    403    403    in     in     401    401    401
DELETE /api/application/users/:user/api-keys/:identifier              401    403    403    403    403    404    403    401    401    401
GET    /api/application/users/:user/ssh-keys                          401    403    403    403    403    in     in     401    401    401
DELETE /api/application/users/:user/ssh-keys/:fingerprint             401    403    403    403    403    404    403    401    401    401
DELETE /api/application/users/:user/avatar                            401    403    403    403    403    in     403    401    401    401
GET    /api/application/users/:user/activity                          401    403    403    403    403    in     403    401    401    401
GET    /api/application/roles                                         401    403    403    403    403    in     403    401    401    401
POST   /api/application/roles                                         401    403    403    403    403    in     403    401    401    401
GET    /api/application/roles/:role                                   401    403    403    403    403    in     403    401    401    401
PATCH  /api/application/roles/:role                                   401    403    403    403    403    in     403    401    401    401
DELETE /api/application/roles/:role                                   401    403    403    403    403    in     403    401    401    401
GET    /api/application/api-keys                                      401    403      403       403    403   in   403 401  401        401
POST   /api/application/api-keys                                      401    403      403       403    403   in   403 401  401        401
PATCH  /api/application/api-keys/:identifier                          401    403      403       403    403   in   403 401  401        401
DELETE /api/application/api-keys/:identifier                          401    403      403       403    403   404  403 401  401        401
GET    /api/application/locations                                     401    403      403       403    403   in   in  401  401        401
POST   /api/application/locations                                     401    403      403       403    403   in   403 401  401        401
GET    /api/application/locations/:location                           401    403      403       403    403   in   in  401  401        401
PATCH  /api/application/locations/:location                           401    403      403       403    403   in   403 401  401        401
DELETE /api/application/locations/:location                           401    403      403       403    403   in   403 401  401        401
GET    /api/application/nodes                                         401    403      403       403    403   in   in  401  401        401
POST   /api/application/nodes                                         401    403      403       403    403   in   403 401  401        401
GET    /api/application/nodes/deployable                              401    403      403       403    403   in   in  401  401        401
GET    /api/application/nodes/name                                    401    403      403       403    403   in   403 401  401        401
GET    /api/application/nodes/:node                                   401    403      403       403    403   in   in  401  401        401
PATCH  /api/application/nodes/:node                                   401    403      403       403    403   in   403 401  401        401
DELETE /api/application/nodes/:node                                   401    403      403       403    403   in   403 401  401        401
GET    /api/application/nodes/:node/configuration                     401    403      403       403    403   in   403 401  401        401
POST   /api/application/nodes/:node/deploy-key                        401    403      403       403    403   in   403 401  401        401
POST   /api/application/nodes/:node/rotate-token                      401    403      403       403    403   in   403 401  401        401
GET    /api/application/nodes/:node/system                            401    403      403       403    403   in   in  401  401        401
GET    /api/application/nodes/:node/diagnostics                       401    403      403       403    403   in   403 401  401        401
GET    /api/application/nodes/:node/metrics                           401    403      403       403    403   in   in  401  401        401
GET    /api/application/nodes/:node/activity                          401    403      403       403    403   in   403 401  401        401
GET    /api/application/nodes/:node/check                             401    403      403       403    403   in   in  401  401        401
POST   /api/application/nodes/:node/check                             401    403      403       403    403   in   in  401  401        401
POST   /api/application/nodes/:node/check/browser                     401    403      403       403    403   in   in  401  401        401
GET    /api/application/nodes/:node/allocations                       401    403      403       403    403   in   in  401  401        401
POST   /api/application/nodes/:node/allocations                       401    403      403       403    403   in   403 401  401        401
POST   /api/application/nodes/:node/allocations/preview               401    403      403       403    403   in   in  401  401        401
POST   /api/application/nodes/:node/allocations/delete                401    403      403       403    403   in   403 401  401        401
POST   /api/application/nodes/:node/allocations/alias                 401    403      403       403    403   in   403 401  401        401
GET    /api/application/nodes/:node/allocations/addresses             401    403      403       403    403   in   in  401  401        401
PATCH  /api/application/nodes/:node/allocations/:allocation           401    403      403       403    403   in   403 401  401        401
DELETE /api/application/nodes/:node/allocations/:allocation           401    403      403       403    403   in   403 401  401        401
GET    /api/application/nests                                         401    403      403       403    403   in   in  401  401        401
POST   /api/application/nests                                         401    403      403       403    403   in   403 401  401        401
GET    /api/application/nests/:nest                                   401    403      403       403    403   in   in  401  401        401
PATCH  /api/application/nests/:nest                                   401    403      403       403    403   in   403 401  401        401
GET    /api/application/nests/:nest/eggs                              401    403      403       403    403   in   in  401  401        401
POST   /api/application/nests/:nest/eggs                              401    403      403       403    403   in   403 401  401        401
GET    /api/application/nests/:nest/eggs/:egg                         401    403      403       403    403   in   in  401  401        401
PATCH  /api/application/nests/:nest/eggs/:egg                         401    403      403       403    403   in   403 401  401        401
GET    /api/application/nests/:nest/eggs/:egg/variables               401    403      403       403    403   in   in  401  401        401
POST   /api/application/nests/:nest/eggs/:egg/variables               401    403      403       403    403   in   403 401  401        401
PATCH  /api/application/nests/:nest/eggs/:egg/variables               401    403      403       403    403   in   403 401  401        401
PATCH  /api/application/nests/:nest/eggs/:egg/variables/:variable     401    403      403       403    403   in   403 401  401        401
GET    /api/application/eggs                                          401    403      403       403    403   in   in  401  401        401
GET    /api/application/eggs/:egg                                     401    403      403       403    403   in   in  401  401        401
GET    /api/application/audit                                        401    403      403       403    403   in   403 401  401        401
GET    /api/application/overview                                     401    403      403       403    403   in   in  401  401        401
GET    /api/application/audit/export                                 401    403      403       403    403   in   403 401  401        401
GET    /api/application/eggs/:egg/export                              401    403      403       403    403   in   in  401  401        401
POST   /api/application/eggs/import                                   401    403      403       403    403   in   403 401  401        401
POST   /api/application/eggs/import/preview                           401    403      403       403    403   in   403 401  401        401
POST   /api/application/eggs/import/address                           401    403      403       403    403   in   403 401  401        401
POST   /api/application/eggs/import/address/preview                   401    403      403       403    403   in   403 401  401        401
POST   /api/application/eggs/updates                                  401    403      403       403    403   in   403 401  401        401
POST   /api/application/eggs/:egg/update                              401    403      403       403    403   in   403 401  401        401
POST   /api/application/eggs/:egg/update/preview                      401    403      403       403    403   in   403 401  401        401
POST   /api/application/eggs/:egg/copy                                401    403      403       403    403   in   403 401  401        401
GET    /api/application/egg-sources                                   401    403      403       403    403   in   in  401  401        401
POST   /api/application/egg-sources                                   401    403      403       403    403   in   403 401  401        401
PATCH  /api/application/egg-sources/:eggSource                        401    403      403       403    403   in   403 401  401        401
POST   /api/application/egg-sources/:eggSource/refresh                401    403      403       403    403   in   403 401  401        401
DELETE /api/application/egg-sources/:eggSource                        401    403      403       403    403   in   403 401  401        401
DELETE /api/application/nests/:nest/eggs/:egg/variables/:variable     401    403      403       403    403   in   403 401  401        401
DELETE /api/application/nests/:nest/eggs/:egg                         401    403      403       403    403   in   403 401  401        401
DELETE /api/application/eggs/:egg                                     401    403      403       403    403   in   403 401  401        401
DELETE /api/application/eggs/uuid/:uuid                               401    403      403       403    403   404  403 401  401        401
DELETE /api/application/nests/:nest                                   401    403      403       403    403   in   403 401  401        401
PUT    /api/client/account/username                                   401    in       in        in     in    in   403 401  401        401
DELETE /api/client/account/email                                      401    in       in        in     in    in   403 401  401        401
POST   /api/client/account/email/resend                               401    in       in        in     in    in   403 401  401        401
POST   /api/client/account/email/confirm                              in     in       in        in     in    in   in  in   in         in
GET    /api/client/account/notifications                              401    in       in        in     in    in   403 401  401        401
POST   /api/client/account/notifications/read                         401    in       in        in     in    in   403 401  401        401
GET    /api/client/account/notifications/preferences                  401    in       in        in     in    in   403 401  401        401
PUT    /api/client/account/notifications/preferences                  401    in       in        in     in    in   403 401  401        401
GET    /api/client/servers/:server/notifications                      401    404      in        in     in    in   403 401  401        401
PUT    /api/client/servers/:server/notifications                      401    404      in        in     in    in   403 401  401        401
GET    /api/client/images/:image                                      404    404      404       404    404   404  404 404  404        404
PUT    /api/client/account/avatar                                     401    in       in        in     in    in   403 401  401        401
DELETE /api/client/account/avatar                                     401    in       in        in     in    in   403 401  401        401
GET    /api/health                                                    in     in       in        in     in    in   in  in   in         in
`

const [callers = [], ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))

/** Answers of a guard; what else comes back, the route itself has said. */
const AT_THE_DOOR = [401, 403, 404, 419]

/** A door's own 400 is the one without two parts in the header. */
const isMalformed = (status: number, detail: string | undefined) =>
  status === 400 && detail?.includes('Authorization header') === true

let world: World
/** On its way to the target node, which is asked about this one. */
let moving: ServerRow
beforeAll(async () => {
  world = await makeWorld()
  // Whoever asks for each row is slowed down otherwise, and that would look like an open door.
  await changeSettings({ 'limits.clientPerMinute': 100_000, 'limits.applicationPerMinute': 100_000 })
  moving = await makeServer()
  // Not ordered yet: a row of the table resets nodes, which ends what is under way there.
  await makeTransfer(moving, { targetNodeId: world.targetNode.id, status: 'requested' })
})

// What deletes or empties comes last in the table's own order of paths, and every body is wrong on purpose.
describe.each(rows.filter(([method]) => method !== 'DELETE'))('%s %s', (method, pattern = '', ...cells) => {
  it.each(callers.map((caller, column) => [caller, cells[column]]))('%s: %s', (caller, expected) =>
    judge(method, pattern, caller, expected),
  )
})

/** Whoever was let through above has suspended and reinstalled it, and then each conflict comes before a right. */
const settle = () =>
  beforeAll(
    async () => void (await useDrizzle().update(servers).set({ status: null, previousStatus: null, suspended: false })),
  )

describe.each(rows.filter(([method]) => method === 'DELETE'))('%s %s', (method, pattern = '', ...cells) => {
  settle()
  it.each(callers.map((caller, column) => [caller, cells[column]]).filter(([, expected]) => expected !== 'in'))(
    '%s: %s',
    (caller, expected) => judge(method, pattern, caller, expected),
  )
})

async function judge(method = 'GET', pattern: string, caller: string | undefined, expected: string | undefined) {
  const path =
    caller === 'target-node' ? pattern.replace('/remote/servers/:server', `/remote/servers/${moving.uuid}`) : pattern
  expect(await answerAtTheDoor(method, path, world.callers[caller as 'owner'])).toBe(expected)
}

async function answerAtTheDoor(method: string, pattern: string, caller: Caller): Promise<string> {
  const body = method === 'GET' ? undefined : { name: 7, files: 'wrong', file: 7, signal: 7, ports: 7, reason: 7 }
  // Signing out would end what the other rows come with.
  const as = pattern === '/auth/logout' ? nobody : caller
  // So would these, of whom they are done to or of whoever does it: they are asked about nobody.
  const path = /\/(act-as|temporary-password)$/.test(pattern) ? pattern.replace(':user', '999999') : pattern
  const { status, body: said } = await request(`${method} ${world.path(path)}`, { as, body })
  // Whoever was let in and came upon a bug was not answered.
  const isDoor = AT_THE_DOOR.includes(status) || status === 500 || isMalformed(status, said?.errors?.[0]?.detail)
  return isDoor ? String(status) : 'in'
}

/**
 * That somebody was here, how often, and what he took away with him, is written down for reading, too; and the API gives the secret of
 * a second factor to a read, which is none before a code of it was sent.
 */
const NOTED = ['session_metadata', 'sessions', 'audit_events', 'audit_subjects', 'throttles', 'two_factor']

async function contentsOf(): Promise<Record<string, string>> {
  const { rows: tables } = await usePool().query(`select tablename as name from pg_tables where schemaname = 'public'`)
  const contents: Record<string, string> = {}
  for (const { name } of tables.filter((table: { name: string }) => !NOTED.includes(table.name)))
    contents[name] = (
      await usePool().query(
        `select md5(coalesce(string_agg(line, ',' order by line), '')) as sum
        from (select (to_jsonb(t) - 'last_seen_at')::text as line from "${name}" t) lines`,
      )
    ).rows[0].sum
  return contents
}

/** What wants a person at a screen: no key gets in, however much it carries. */
const BROWSER_ONLY = new Set([
  'GET /api/client/account/sessions',
  'DELETE /api/client/account/sessions',
  'DELETE /api/client/account/sessions/:session',
  'GET /api/client/account/passkeys',
  'POST /api/client/account/passkeys',
  'POST /api/client/account/passkeys/options',
  'PATCH /api/client/account/passkeys/:passkey',
  'DELETE /api/client/account/passkeys/:passkey',
  'GET /api/client/account/trusted-browsers',
  'DELETE /api/client/account/trusted-browsers/:trustedBrowser',
  'DELETE /api/client/session/impersonation',
  'GET /api/client/account/identities',
  'POST /api/client/account/identities',
  'DELETE /api/client/account/identities/:identity',
  'POST /api/application/api-keys',
  'PATCH /api/application/api-keys/:identifier',
  'POST /api/application/users/:user/act-as',
  'POST /api/application/users/:user/temporary-password',
])

describe('sec-25 keys: each row again, by what carries less than a person', () => {
  const cell = (cells: string[], caller: string) => cells[callers.indexOf(caller)] ?? ''
  const isApplication = (pattern: string) => pattern.startsWith('/api/application')
  /** What would be done by it is done by the rows above, or not at all. */
  const isHarmless = (method: string, expected: string) => method !== 'DELETE' || expected !== 'in'
  let keys: Record<'owner' | 'root' | 'bare' | 'reading' | 'writing', Caller>

  beforeAll(async () => {
    const { owner, root } = world.users
    const all = (level: number) => Object.fromEntries(KEY_RESOURCES.map((resource) => [resource, level]))
    keys = {
      owner: withKey((await makeApiKey(owner.id)).token),
      root: withKey((await makeApiKey(root.id)).token),
      bare: await makeKey(root, {}),
      reading: await makeKey(root, all(1)),
      writing: await makeKey(root, all(2)),
    }
  })

  it.each(['owner', 'root'] as const)('an account key is its %s, except where a browser is wanted', async (who) => {
    for (const [method = '', pattern = '', ...cells] of rows) {
      // To a node's routes every key is a header that is none of a node.
      const own = cell(cells, pattern.startsWith('/api/remote') ? 'key' : who)
      const expected = BROWSER_ONLY.has(`${method} ${pattern}`) ? '403' : own
      const answer = isHarmless(method, expected) ? await answerAtTheDoor(method, pattern, keys[who]) : expected
      expect([method, pattern, answer]).toEqual([method, pattern, expected])
    }
  })

  it('an application key without the level opens nothing', async () => {
    for (const [method = '', pattern = '', ...cells] of rows) {
      const expected = isApplication(pattern) ? '403' : cell(cells, 'key')
      const answer = isHarmless(method, expected) ? await answerAtTheDoor(method, pattern, keys.bare) : expected
      expect([method, pattern, answer]).toEqual([method, pattern, expected])
    }
  })

  it('what reads opens nothing that writes, and what writes nothing that reads', async () => {
    for (const [method = '', pattern = '', ...cells] of rows.filter(([, path = '']) => isApplication(path))) {
      const reading = await answerAtTheDoor(method, pattern, keys.reading)
      const isClosed = method === 'DELETE' || pattern.startsWith('/api/application/api-keys')
      if (isClosed || BROWSER_ONLY.has(`${method} ${pattern}`)) {
        expect([method, pattern, reading]).toEqual([method, pattern, '403'])
        continue
      }
      const writing = await answerAtTheDoor(method, pattern, keys.writing)
      const root = cell(cells, 'root')
      const expected = reading === '403' ? ['403', root] : [root, '403']
      expect([method, pattern, reading, writing]).toEqual([method, pattern, ...expected])
    }
  })
})

describe('each row again, by what is refused whatever it asks for', () => {
  const asOf = (cells: string[], caller: string) => cells[callers.indexOf(caller)] ?? ''

  it('sec-13: a cookie’s write that comes from another page, or from none', async () => {
    const { cookie = '' } = world.callers.root.headers
    const elsewhere = { headers: { cookie, origin: 'https://elsewhere.example' } }
    for (const [method = '', pattern = '', ...cells] of rows.filter(([name]) => name !== 'GET')) {
      // A node's routes take no cookie.
      const expected = pattern.startsWith('/api/remote') ? asOf(cells, 'root') : '419'
      for (const as of [elsewhere, { headers: { cookie } }]) {
        const { status } = await request(`${method} ${world.path(pattern)}`, { as, body: {} })
        expect([method, pattern, String(status)]).toEqual([method, pattern, expected])
      }
    }
  })

  it('sec-13: a link changes nothing, wherever it leads', async () => {
    const before = await contentsOf()
    for (const [, pattern = ''] of rows.filter(
      ([method, path]) => method === 'GET' && !path?.startsWith('/api/remote'),
    ))
      await request(`GET ${world.path(pattern)}`, { as: world.callers.root })
    const after = await contentsOf()
    expect(Object.keys(after).filter((table) => after[table] !== before[table])).toEqual([])
  })

  it('sec-43: somebody suspended, with his cookie and his keys', async () => {
    const user = await makeRootAdmin()
    const all = Object.fromEntries(KEY_RESOURCES.map((resource) => [resource, 3]))
    const [browser, key, applicationKey] = [
      await signedInAs(user),
      withKey((await makeApiKey(user.id)).token),
      await makeKey(user, all),
    ]
    await useDrizzle().update(users).set({ suspended: true, banned: true }).where(eq(users.id, user.id))
    for (const [method = '', pattern = '', ...cells] of rows.filter(([, path]) => !path?.startsWith('/api/remote')))
      for (const as of [browser, key, applicationKey]) {
        const answer = await answerAtTheDoor(method, pattern, as)
        expect([method, pattern, answer]).toEqual([method, pattern, asOf(cells, 'nobody')])
      }
  })
})

it('sec-25: has a row for every route', () => {
  const judged = new Set(rows.map(([method, pattern]) => `${method} ${pattern}`))
  const served = Object.keys(routeFiles)
    .map(signatureOf)
    .filter(({ method }) => method !== undefined)
    .map(({ method, path }) => `${method} ${path}`)
  // A stream never ends by itself: see events.test.ts.
  judged.add('GET /api/client/events')
  expect(served.filter((name) => !judged.has(name))).toEqual([])
  expect([...judged].filter((name) => !served.includes(name))).toEqual([])
})
