/** One way in which a request can fail: what the wire says, and the sentence in English. */
interface Failure {
  status: number
  /** What existing clients match on. */
  wire: string
  detail: string
}

/** The key is ours: services throw it, the app translates by it (`failures.<key>`). Slots in braces are filled by the thrower. */
export const FAILURES = {
  internal: {
    status: 500,
    wire: 'HttpException',
    detail: 'An unexpected error was encountered while processing this request, please try again.',
  },

  // Whatever an ordinary caller asks for while administrators work on the panel.
  'panel.maintenance': { status: 503, wire: 'HttpException', detail: 'Service Unavailable' },
  'panel.database_away': {
    status: 503,
    wire: 'HttpException',
    detail: 'The panel cannot reach its database right now; please try again in a moment.',
  },

  // The request itself
  'request.invalid': { status: 422, wire: 'ValidationException', detail: 'The given data was invalid.' },
  'request.malformed': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'The JSON data passed in the request appears to be malformed: {fault}',
  },
  'request.too_large': {
    status: 413,
    wire: 'PostTooLargeException',
    detail: 'The request is larger than this panel takes.',
  },
  'request.head_too_large': {
    status: 431,
    wire: 'HttpException',
    detail: 'The address or the headers of the request are longer than this panel takes.',
  },
  'request.broken': { status: 400, wire: 'BadRequestHttpException', detail: 'This is no request of HTTP.' },
  'request.cross_site': { status: 419, wire: 'HttpException', detail: 'CSRF token mismatch.' },
  'request.too_many': { status: 429, wire: 'ThrottleRequestsException', detail: 'Too Many Attempts.' },
  'request.filter_unknown': {
    status: 400,
    wire: 'InvalidFilterQuery',
    detail: 'Requested filter(s) `{given}` are not allowed. Allowed filter(s) are `{allowed}`.',
  },
  'request.sort_unknown': {
    status: 400,
    wire: 'InvalidSortQuery',
    detail: 'Requested sort(s) `{given}` is not allowed. Allowed sort(s) are `{allowed}`.',
  },
  'route.not_found': { status: 404, wire: 'NotFoundHttpException', detail: 'The route {path} could not be found.' },
  'route.wrong_method': {
    status: 405,
    wire: 'MethodNotAllowedHttpException',
    detail: 'The {method} method is not supported for route {path}.',
  },
  'resource.not_found': {
    status: 404,
    wire: 'NotFoundHttpException',
    detail: 'The requested resource could not be found on the server.',
  },

  // Who asks
  'auth.required': { status: 401, wire: 'AuthenticationException', detail: 'Unauthenticated.' },
  'auth.forbidden': { status: 403, wire: 'AccessDeniedHttpException', detail: 'This action is unauthorized.' },
  'auth.not_administrator': {
    status: 403,
    wire: 'AccessDeniedHttpException',
    detail: 'This account does not have permission to access the API.',
  },
  'auth.wrong_key_kind': {
    status: 403,
    wire: 'AccessDeniedHttpException',
    detail: 'You are attempting to use an application API key on an endpoint that requires a client API key.',
  },
  'auth.address_refused': {
    status: 403,
    wire: 'AccessDeniedHttpException',
    detail: 'This IP address ({ip}) does not have permission to access the API using these credentials.',
  },
  'auth.two_factor_demanded': {
    status: 400,
    wire: 'TwoFactorAuthRequiredException',
    detail: 'Two-factor authentication is required on this account in order to access this endpoint.',
  },
  'auth.password_change_demanded': {
    status: 403,
    wire: 'AccessDeniedHttpException',
    detail: 'A new password has to be set for this account first.',
  },

  'auth.acting': {
    status: 403,
    wire: 'AccessDeniedHttpException',
    detail: 'You are acting as somebody else. Only they themselves can do this.',
  },

  // Signing in, and one's own account
  'sign_in.no_match': {
    status: 400,
    wire: 'DisplayException',
    detail: 'No account matching those credentials could be found.',
  },
  'sign_in.suspended': { status: 400, wire: 'DisplayException', detail: 'This account is suspended.' },
  'sign_in.locked': {
    status: 429,
    wire: 'ValidationException',
    detail: 'Too many login attempts. Please try again in {seconds} seconds.',
  },
  'checkpoint.expired': {
    status: 400,
    wire: 'DisplayException',
    detail: 'The authentication token provided has expired, please refresh the page and try again.',
  },
  'checkpoint.code_invalid': {
    status: 400,
    wire: 'DisplayException',
    detail: 'The two-factor authentication token was invalid.',
  },
  'checkpoint.recovery_invalid': {
    status: 400,
    wire: 'DisplayException',
    detail: 'The recovery token provided is not valid.',
  },
  'sign_in.password_off': {
    status: 400,
    wire: 'DisplayException',
    detail: 'Signing in with a password is switched off here. Use another way.',
  },
  'sign_in.password_needed': {
    status: 400,
    wire: 'DisplayException',
    detail:
      'Without passwords a root administrator has to be able to sign in by a provider that is switched on, and none would.',
  },
  'captcha.required': { status: 400, wire: 'DisplayException', detail: 'The captcha has to be solved first.' },
  'captcha.invalid': { status: 400, wire: 'DisplayException', detail: 'Failed to validate reCAPTCHA data.' },
  'registration.closed': { status: 404, wire: 'NotFoundHttpException', detail: 'Nobody can register here.' },
  'registration.link_invalid': {
    status: 400,
    wire: 'DisplayException',
    detail: 'This link has ended or was already used. Register again.',
  },
  'reset.link_invalid': { status: 400, wire: 'DisplayException', detail: 'This password reset token is invalid.' },
  'reset.no_account': {
    status: 400,
    wire: 'DisplayException',
    detail: "We can't find a user with that e-mail address.",
  },
  'email.link_invalid': {
    status: 400,
    wire: 'DisplayException',
    detail: 'This link to confirm an e-mail address is not valid any more.',
  },
  'account.password_wrong': {
    status: 400,
    wire: 'InvalidPasswordProvidedException',
    detail: 'The password provided was invalid for this account.',
  },
  'account.managed_externally': {
    status: 400,
    wire: 'DisplayException',
    detail: 'This account is managed by another system, where its name, e-mail address and password are changed.',
  },
  'two_factor.already_on': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'Two-factor authentication is already enabled on this account.',
  },
  'two_factor.off': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'Two-factor authentication is not enabled on this account.',
  },
  'two_factor.password_wrong': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'The password provided was not valid.',
  },
  'two_factor.code_invalid': {
    status: 400,
    wire: 'TwoFactorAuthenticationTokenInvalid',
    detail: 'The provided two-factor authentication token was not valid.',
  },
  'passkey.unavailable': {
    status: 400,
    wire: 'DisplayException',
    detail: 'Passkeys need this panel under a name and over https.',
  },
  'passkey.unknown': { status: 400, wire: 'DisplayException', detail: 'This passkey is not known to this panel.' },
  'passkey.refused': { status: 400, wire: 'DisplayException', detail: 'The passkey could not be verified.' },
  'passkey.limit_reached': {
    status: 400,
    wire: 'DisplayException',
    detail: 'You have reached the account limit for number of passkeys.',
  },
  'setup.closed': { status: 404, wire: 'NotFoundHttpException', detail: 'This panel has been set up.' },
  'setup.link_invalid': {
    status: 400,
    wire: 'DisplayException',
    detail: 'This set-up link is not valid. Starting the panel prints a new one.',
  },

  'api_key.limit_reached': {
    status: 400,
    wire: 'DisplayException',
    detail: 'You have reached the account limit for number of API keys.',
  },
  'api_key.beyond_rights': {
    status: 403,
    wire: 'AccessDeniedHttpException',
    detail: 'A key cannot carry more than its maker holds ({resources}).',
  },
  'api_key.beyond_key': {
    status: 403,
    wire: 'AccessDeniedHttpException',
    detail: 'A key cannot make another one that reaches further than itself ({limit}).',
  },
  'ssh_key.limit_reached': {
    status: 400,
    wire: 'DisplayException',
    detail: 'You have reached the account limit for number of SSH keys.',
  },
  'announcement.stays': {
    status: 400,
    wire: 'DisplayException',
    detail: 'This announcement stays until it is over.',
  },
  'mail.not_set_up': {
    status: 400,
    wire: 'DisplayException',
    detail: 'No mail server is set up.',
  },

  // Users, as the administration sees them
  'user.has_servers': {
    status: 400,
    wire: 'DisplayException',
    detail:
      'Cannot delete a user with active servers attached to their account. Please delete their servers before continuing.',
  },
  'user.is_self': { status: 400, wire: 'DisplayException', detail: 'You cannot do this to your own account.' },
  'user.last_administrator': {
    status: 400,
    wire: 'DisplayException',
    detail: 'This is the last root administrator. Name another one first.',
  },
  'user.beyond_rights': {
    status: 403,
    wire: 'AccessDeniedHttpException',
    detail: 'You can act only as somebody whose rights are a part of your own.',
  },
  'user.servers_beyond': {
    status: 403,
    wire: 'AccessDeniedHttpException',
    detail: 'This account reaches servers on nodes that your roles do not reach.',
  },
  'role.beyond_rights': {
    status: 403,
    wire: 'AccessDeniedHttpException',
    detail: 'This reaches further than your own rights ({resources}).',
  },
  'role.in_use': {
    status: 409,
    wire: 'ConflictHttpException',
    detail: 'This role cannot be deleted while somebody has it: {users}.',
  },

  // Servers and their nodes
  'server.not_found': {
    status: 404,
    wire: 'NotFoundHttpException',
    detail: 'The requested resource does not exist on this server.',
  },
  'server.suspended': {
    status: 409,
    wire: 'ServerStateConflictException',
    detail: 'This server is currently suspended and the functionality requested is unavailable.',
  },
  'server.node_maintenance': {
    status: 409,
    wire: 'ServerStateConflictException',
    detail: 'The node of this server is currently under maintenance and the functionality requested is unavailable.',
  },
  'server.not_installed': {
    status: 409,
    wire: 'ServerStateConflictException',
    detail: 'This server has not yet completed its installation process, please try again later.',
  },
  'server.restoring': {
    status: 409,
    wire: 'ServerStateConflictException',
    detail: 'This server is currently restoring from a backup, please try again later.',
  },
  'server.transferring': {
    status: 409,
    wire: 'ServerStateConflictException',
    detail: 'This server is currently being transferred to a new machine, please try again later.',
  },
  'node.unreachable': {
    status: 504,
    wire: 'DaemonConnectionException',
    detail: 'Could not establish a connection to the machine running this server. Please try again.',
  },
  'node.refused': {
    status: 400,
    wire: 'DaemonConnectionException',
    detail: 'An error occurred on the remote host: {error}. (request id: {requestId})',
  },
  'node.failed': {
    status: 500,
    wire: 'DaemonConnectionException',
    detail:
      'There was an error while communicating with the machine running this server. This error has been logged, please try again. (code: {status}) (request_id: {requestId})',
  },

  // Backups
  'backup.limit_reached': {
    status: 400,
    wire: 'TooManyBackupsException',
    detail: 'Cannot create a new backup, this server has reached its limit of {limit} backups.',
  },
  'backup.throttled': {
    status: 429,
    wire: 'TooManyRequestsHttpException',
    detail: 'Only {limit} backups may be generated within a {seconds} second span of time.',
  },
  'backup.locked': {
    status: 400,
    wire: 'BackupLockedException',
    detail: 'Cannot delete a backup that is marked as locked.',
  },
  'backup.not_complete': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'This backup cannot be restored at this time: not completed or failed.',
  },
  'backup.nothing_to_download': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'This backup cannot be downloaded: not completed or failed.',
  },
  'backup.server_not_ready': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'This server is not currently in a state that allows for a backup to be restored.',
  },
  'backup.disk_unknown': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'The backup requested references an unknown disk driver type and cannot be downloaded.',
  },
  'backup.left_behind': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'The archive of this backup lies on another node than this server, and cannot be used from here.',
  },
  'backup.restore_throttled': { status: 429, wire: 'ThrottleRequestsException', detail: 'Too Many Attempts.' },

  // Databases
  'database.not_found': {
    status: 404,
    wire: 'NotFoundHttpException',
    detail: 'The requested resource was not found for this server.',
  },
  'database.limit_reached': {
    status: 400,
    wire: 'TooManyDatabasesException',
    detail: 'Operation aborted: creating a new database would put this server over the defined limit.',
  },
  'database.no_host': {
    status: 400,
    wire: 'NoSuitableDatabaseHostException',
    detail: 'No database host was found that meets the requirements for this server.',
  },
  'database.switched_off': {
    status: 500,
    wire: 'DatabaseClientFeatureNotEnabledException',
    detail: 'An unexpected error was encountered while processing this request, please try again.',
  },
  'database.busy': {
    status: 409,
    wire: 'ConflictHttpException',
    detail: 'This database is being changed already. Please try again in a moment.',
  },
  'database.not_ready': {
    status: 409,
    wire: 'ConflictHttpException',
    detail: 'This database has not been made on its host. Delete it, and create it again.',
  },
  'database.host_silent': {
    status: 504,
    wire: 'DatabaseHostConnectionException',
    detail: 'Could not establish a connection to the database host. Please try again.',
  },
  'database.host_refused': {
    status: 502,
    wire: 'DatabaseHostConnectionException',
    detail: 'The database host refused what was asked of it. This has been logged for the administrators.',
  },
  'database_host.not_working': {
    status: 400,
    wire: 'DisplayException',
    detail: 'The database host could not be used: {said}',
  },
  'database_host.in_use': {
    status: 400,
    wire: 'HasActiveServersException',
    detail: 'A database host that has databases cannot be deleted: {count} of {servers}.',
  },

  // Schedules
  'schedule.cron_invalid': {
    status: 400,
    wire: 'DisplayException',
    detail: 'The cron data provided does not evaluate to a valid expression.',
  },
  'schedule.too_many_tasks': {
    status: 400,
    wire: 'ServiceLimitExceededException',
    detail:
      'Schedules may not have more than {limit} tasks associated with them. Creating this task would put this schedule over the limit.',
  },
  'schedule.backups_off': {
    status: 403,
    wire: 'HttpForbiddenException',
    detail: "A backup task cannot be created when the server's backup limit is set to 0.",
  },
  'schedule.no_tasks': {
    status: 400,
    wire: 'DisplayException',
    detail: 'Cannot process schedule for task execution: no tasks are registered.',
  },
  'schedule.task_forbidden': {
    status: 403,
    wire: 'HttpForbiddenException',
    detail: 'You do not have permission to perform this action.',
  },
  'schedule.under_way': {
    status: 409,
    wire: 'ConflictHttpException',
    detail: 'This schedule is under way. Wait until it has ended, or switch it off.',
  },
  'schedule.signal_unknown': {
    status: 400,
    wire: 'DisplayException',
    detail: 'A power task can start, stop, restart or kill a server, and not {signal}.',
  },
  'schedule.action_unknown': {
    status: 400,
    wire: 'DisplayException',
    detail: 'This panel does not know tasks that are called {action}.',
  },

  // Files of a server
  'file.path_refused': {
    status: 400,
    wire: 'DisplayException',
    detail: 'The path {path} does not lead to a place inside this server.',
  },
  'file.root_refused': {
    status: 400,
    wire: 'DisplayException',
    detail: 'The root folder of a server cannot be deleted.',
  },
  'file.pull_refused': {
    status: 400,
    wire: 'DisplayException',
    detail: 'Nothing can be fetched from {host}: it is no address of the public internet.',
  },
  'file.search_unknown': {
    status: 400,
    wire: 'DisplayException',
    detail: 'The daemon of this node cannot search below a folder.',
  },
  'file.too_large': {
    status: 400,
    wire: 'FileSizeTooLargeException',
    detail: 'The file you are attempting to open is too large to view in the file editor.',
  },

  'node.none_viable': {
    status: 400,
    wire: 'NoViableNodeException',
    detail: 'No nodes satisfying the requirements specified for automatic deployment could be found.',
  },
  'allocation.none_viable': {
    status: 400,
    wire: 'NoViableAllocationException',
    detail: 'No allocations satisfying the requirements for automatic deployment were found.',
  },
  'allocation.not_of_server': {
    status: 400,
    wire: 'DisplayException',
    detail: 'The requested default allocation is not currently assigned to this server.',
  },
  'allocation.no_fallback': {
    status: 400,
    wire: 'DisplayException',
    detail:
      'You are attempting to delete the default allocation for this server but there is no fallback allocation to use.',
  },
  'server.suspension_in_transfer': {
    status: 409,
    wire: 'ConflictHttpException',
    detail: 'Cannot toggle suspension status on a server that is currently being transferred.',
  },
  'server.installation_failed': {
    status: 400,
    wire: 'DisplayException',
    detail:
      'This server was marked as having failed a previous installation. Current status cannot be toggled in this state.',
  },
  'server.not_running': {
    status: 502,
    wire: 'HttpException',
    detail: 'Server must be online in order to send commands.',
  },
  'server.image_fixed': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: "This server's Docker image has been manually set by an administrator and cannot be updated.",
  },
  'server.command_fixed': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: "This server's startup command has been manually set by an administrator and cannot be updated.",
  },
  'startup.variable_unknown': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'The environment variable you are trying to edit does not exist.',
  },
  'startup.variable_fixed': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'The environment variable you are trying to edit is read-only.',
  },
  'server.websocket_forbidden': {
    status: 403,
    wire: 'HttpForbiddenException',
    detail: "You do not have permission to connect to this server's websocket.",
  },
  'server.transfer_forbidden': {
    status: 403,
    wire: 'HttpForbiddenException',
    detail: 'You do not have permission to view server transfer logs.',
  },

  'transfer.not_open': {
    status: 409,
    wire: 'ConflictHttpException',
    detail: 'Server is not being transferred.',
  },
  'transfer.nothing_to_cancel': {
    status: 406,
    wire: 'NotAcceptableHttpException',
    detail: 'This server is not being transferred.',
  },
  'transfer.no_room': {
    status: 406,
    wire: 'DisplayException',
    detail:
      'The node you selected does not have the required disk space or memory available to accommodate this server.',
  },
  'transfer.same_node': { status: 406, wire: 'DisplayException', detail: 'This server is on {node} already.' },
  'transfer.flavours_differ': {
    status: 406,
    wire: 'DisplayException',
    detail:
      'A server can only move between nodes of one kind: {source} runs Wings of {sourceFlavour}, {target} runs Wings of {targetFlavour}.',
  },
  'transfer.flavour_unknown': {
    status: 406,
    wire: 'DisplayException',
    detail: 'It is not known yet which kind of Wings {node} runs. It has to reach this panel once first.',
  },
  'transfer.target_silent': {
    status: 406,
    wire: 'DisplayException',
    detail: '{node} is not answering, so nothing can be sent there.',
  },
  'transfer.backups_stay': {
    status: 406,
    wire: 'DisplayException',
    detail: 'Backups move along only between nodes that run Wings of Pelican.',
  },

  // Whom a server is shared with
  'subuser.is_owner': {
    status: 400,
    wire: 'UserIsServerOwnerException',
    detail: 'You cannot add the server owner as a subuser for this server.',
  },
  'subuser.exists': {
    status: 400,
    wire: 'ServerSubuserExistsException',
    detail: 'A user with that email address is already assigned as a subuser for this server.',
  },
  'subuser.rights_not_held': {
    status: 403,
    wire: 'HttpForbiddenException',
    detail: 'Cannot assign permissions to a subuser that your account does not actively possess.',
  },

  'permission_preset.limit_reached': {
    status: 400,
    wire: 'DisplayException',
    detail: 'You have reached the account limit of {limit} presets.',
  },

  'location.in_use': {
    status: 400,
    wire: 'HasActiveNodesException',
    detail: 'Cannot delete a location that has active nodes attached to it.',
  },
  'node.in_use': {
    status: 400,
    wire: 'HasActiveServersException',
    detail: 'A node must have no servers linked to it in order to be deleted.',
  },
  'node.configuration_not_taken': {
    status: 400,
    wire: 'ConfigurationNotPersistedException',
    detail:
      'The configuration of the node was saved in the panel, but the node could not be told. <strong>Its configuration file has to be changed by hand</strong>, or the change be saved again once it answers.',
  },
  'node.diagnostics_unknown': {
    status: 400,
    wire: 'DisplayException',
    detail: 'The daemon of this node has no diagnostics.',
  },
  'node.rotation_open': {
    status: 400,
    wire: 'DisplayException',
    detail:
      'The daemon has not taken over the pair that it was given last. Restart it, then the pair can be rotated again.',
  },
  'node.token_spent': { status: 401, wire: 'AuthenticationException', detail: 'Unauthenticated.' },
  'allocation.in_use': {
    status: 400,
    wire: 'ServerUsingAllocationException',
    detail:
      'A server is currently assigned to this allocation. An allocation can only be deleted if no server is currently assigned.',
  },
  'allocation.cidr_out_of_range': {
    status: 400,
    wire: 'CidrOutOfRangeException',
    detail: 'CIDR notation only allows masks between /25 and /32.',
  },
  'allocation.port_invalid': {
    status: 400,
    wire: 'InvalidPortMappingException',
    detail: 'The mapping provided for {port} was invalid and could not be processed.',
  },
  'allocation.too_many_ports': {
    status: 400,
    wire: 'TooManyPortsInRangeException',
    detail: 'Adding more than 1000 ports in a single range at once is not supported.',
  },
  'allocation.port_out_of_range': {
    status: 400,
    wire: 'PortOutOfRangeException',
    detail: 'Ports in an allocation must be greater than 1024 and less than or equal to 65535.',
  },
  'allocation.address_invalid': {
    status: 400,
    wire: 'DisplayException',
    detail: 'Could not parse provided allocation IP address ({ip}): it is no address, and no name that leads to one.',
  },

  // The network of a server
  'allocation.limit_reached': {
    status: 400,
    wire: 'DisplayException',
    detail: 'Cannot assign additional allocations to this server: limit has been reached.',
  },
  'allocation.adding_off': {
    status: 400,
    wire: 'AutoAllocationNotEnabledException',
    detail: 'Server auto-allocation is not enabled for this instance.',
  },
  'allocation.no_space': {
    status: 400,
    wire: 'NoAutoAllocationSpaceAvailableException',
    detail: 'Cannot assign additional allocation: no more space available on node.',
  },
  'allocation.release_off': {
    status: 400,
    wire: 'DisplayException',
    detail: 'You cannot delete allocations for this server: no allocation limit is set.',
  },
  'allocation.is_primary': {
    status: 400,
    wire: 'DisplayException',
    detail: 'You cannot delete the primary allocation for this server.',
  },
  'allocation.locked': {
    status: 400,
    wire: 'DisplayException',
    detail: 'An administrator has given this allocation to the server, so only an administrator can take it back.',
  },

  // Nests and eggs
  'outside.refused': {
    status: 400,
    wire: 'DisplayException',
    detail: 'This panel asks only addresses of the public internet, which {host} is not.',
  },
  'outside.unreachable': { status: 502, wire: 'HttpException', detail: '{host} could not be reached.' },
  'outside.failed': { status: 502, wire: 'HttpException', detail: '{host} answered with status {status}.' },
  'outside.too_large': {
    status: 400,
    wire: 'DisplayException',
    detail: 'What {host} sends is larger than this panel takes.',
  },
  'nest.in_use': {
    status: 400,
    wire: 'HasActiveServersException',
    detail: 'A nest whose eggs have servers cannot be deleted.',
  },
  'egg.in_use': {
    status: 400,
    wire: 'HasActiveServersException',
    detail: 'An egg that has servers cannot be deleted.',
  },
  'egg.is_parent': {
    status: 400,
    wire: 'HasChildrenException',
    detail: 'An egg that other eggs inherit from cannot be deleted.',
  },
  'egg.file_unreadable': {
    status: 400,
    wire: 'InvalidFileUploadException',
    detail: 'The file could not be read: {fault}.',
  },
  'egg.file_unrecognized': {
    status: 400,
    wire: 'InvalidFileUploadException',
    detail: 'The JSON file provided is not in a format that can be recognized.',
  },
  'egg.file_unknown': { status: 400, wire: 'InvalidFileUploadException', detail: 'The file format is not recognized.' },
  'egg_source.unreadable': {
    status: 400,
    wire: 'DisplayException',
    detail: 'What stands there is no index of eggs.',
  },
  'egg.no_update_url': {
    status: 400,
    wire: 'DisplayException',
    detail: 'This egg does not say where a newer version of it is published.',
  },
  'egg.file_changed': {
    status: 409,
    wire: 'ConflictHttpException',
    detail: 'What is published there has changed since its differences were shown.',
  },
  'egg.changed_meanwhile': {
    status: 409,
    wire: 'ConflictHttpException',
    detail: 'The egg has been changed since its differences were shown.',
  },
  'egg.script_forbidden': {
    status: 403,
    wire: 'AccessDeniedHttpException',
    detail: 'Changing install scripts takes a right of its own.',
  },

  // Where backups are kept
  'object_store.unreachable': {
    status: 502,
    wire: 'DisplayException',
    detail: 'The object store could not be reached: {trouble}.',
  },
  'object_store.refused': {
    status: 502,
    wire: 'DisplayException',
    detail: 'The object store refused with {code}: {said}',
  },
  'object_store.missing': {
    status: 400,
    wire: 'DisplayException',
    detail: 'The object store that holds this backup is not set up in this panel.',
  },
  'object_store.not_used': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'The configured backup adapter is not an S3 compatible adapter.',
  },
  'object_store.size_missing': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'A non-empty "size" query parameter must be provided.',
  },
  'object_store.upload_ended': {
    status: 409,
    wire: 'ConflictHttpException',
    detail: 'This backup is already in a completed state.',
  },
  'object_store.upload_broken': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'The object store could not put the parts of this backup together.',
  },
  'backup_host.in_use': {
    status: 400,
    wire: 'DisplayException',
    detail: 'A backup host that holds backups cannot be deleted: {count} of {servers}.',
  },
  'mount.in_use': {
    status: 400,
    wire: 'DisplayException',
    detail: 'A mount must have no servers attached to it in order to be deleted.',
  },
  'mount.not_offered': {
    status: 409,
    wire: 'ConflictHttpException',
    detail: 'This mount is not linked to the node and the egg of this server.',
  },
  'mount.target_taken': {
    status: 409,
    wire: 'ConflictHttpException',
    detail: 'This server has {mount} at {target} already.',
  },

  // Somebody else vouches for who signs in
  'provider.unknown': {
    status: 404,
    wire: 'NotFoundHttpException',
    detail: 'There is no such way to sign in.',
  },
  'provider.unreachable': {
    status: 502,
    wire: 'DisplayException',
    detail: 'The sign-in service could not be reached.',
  },
  'provider.address_private': {
    status: 400,
    wire: 'DisplayException',
    detail: 'The sign-in service lies in a private network, where it may not be found.',
  },
  'provider.visit_expired': {
    status: 400,
    wire: 'DisplayException',
    detail: 'This sign-in took too long, was used already or was begun in another browser. Begin again.',
  },
  'provider.cancelled': { status: 400, wire: 'DisplayException', detail: 'The sign-in was cancelled there.' },
  'provider.refused': {
    status: 400,
    wire: 'DisplayException',
    detail: 'What the sign-in service answered could not be verified.',
  },
  'provider.email_missing': {
    status: 400,
    wire: 'DisplayException',
    detail: 'The sign-in service told no e-mail address, which an account needs.',
  },
  'provider.email_unverified': {
    status: 400,
    wire: 'DisplayException',
    detail: 'The e-mail address is not verified at the sign-in service. Verify it there first.',
  },
  'provider.account_exists': {
    status: 400,
    wire: 'DisplayException',
    detail:
      'An account with this e-mail address exists already. Sign in to it as usual, then connect it under Security.',
  },
  'provider.no_account': {
    status: 400,
    wire: 'DisplayException',
    detail: 'No account belongs to this sign-in. Whoever runs this panel can make one.',
  },
  'provider.linked_elsewhere': {
    status: 400,
    wire: 'DisplayException',
    detail: 'This identity is connected with another account.',
  },
  'provider.last_way_in': {
    status: 400,
    wire: 'DisplayException',
    detail: 'This is the only way into the account. Set a password or connect something else first.',
  },
  'provider.issuer_fixed': {
    status: 400,
    wire: 'DisplayException',
    detail: 'People are connected with this provider: its address does not change any more. Add a second one instead.',
  },
  'provider.roles_forbidden': {
    status: 403,
    wire: 'AccessDeniedHttpException',
    detail: 'Only a root administrator says which roles a provider gives.',
  },

  // Settings
  'settings.root_only': {
    status: 403,
    wire: 'AccessDeniedHttpException',
    detail: 'Only a root administrator changes the address of the panel and its mail server.',
  },

  // A node that calls
  'sftp.credentials_wrong': {
    status: 403,
    wire: 'HttpForbiddenException',
    detail: 'Authorization credentials were not correct, please try again.',
  },
  'sftp.forbidden': {
    status: 403,
    wire: 'HttpForbiddenException',
    detail: 'You do not have permission to access SFTP for this server.',
  },
  'node.credentials_missing': {
    status: 401,
    wire: 'HttpException',
    detail: 'Access to this endpoint must include an Authorization header.',
  },
  'node.credentials_malformed': {
    status: 400,
    wire: 'BadRequestHttpException',
    detail: 'The Authorization header provided was not in a valid format.',
  },
  'node.not_authorized': {
    status: 403,
    wire: 'AccessDeniedHttpException',
    detail: 'You are not authorized to access this resource.',
  },
} as const satisfies Record<string, Failure>

export type FailureCode = keyof typeof FAILURES

type Slots<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Slots<Rest> : never

/** What the thrower must tell, read from the sentence. */
export type FailureValues<Code extends FailureCode> = {
  [Name in Slots<(typeof FAILURES)[Code]['detail']>]: string | number
}
