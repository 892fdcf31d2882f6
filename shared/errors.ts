/** One way in which a request can fail: what the wire says, and the sentence in English. */
interface Failure {
  status: number
  /** What existing clients match on. */
  wire: string
  detail: string
}

/** The key is ours: services throw it, the app translates by it (`failures.<key>`). Slots in braces are filled by the thrower. */
export const FAILURES = {
  internal: { status: 500, wire: 'HttpException', detail: 'An unexpected error was encountered while processing this request, please try again.' },

  // The request itself
  'request.invalid': { status: 422, wire: 'ValidationException', detail: 'The given data was invalid.' },
  'request.malformed': { status: 400, wire: 'BadRequestHttpException', detail: 'The JSON data passed in the request appears to be malformed: {reason}' },
  'request.too_large': { status: 413, wire: 'PostTooLargeException', detail: 'The request is larger than this panel takes.' },
  'request.cross_site': { status: 419, wire: 'HttpException', detail: 'CSRF token mismatch.' },
  'request.too_many': { status: 429, wire: 'ThrottleRequestsException', detail: 'Too Many Attempts.' },
  'request.filter_unknown': { status: 400, wire: 'InvalidFilterQuery', detail: 'Requested filter(s) `{given}` are not allowed. Allowed filter(s) are `{allowed}`.' },
  'request.sort_unknown': { status: 400, wire: 'InvalidSortQuery', detail: 'Requested sort(s) `{given}` is not allowed. Allowed sort(s) are `{allowed}`.' },
  'route.not_found': { status: 404, wire: 'NotFoundHttpException', detail: 'The route {path} could not be found.' },
  'route.wrong_method': { status: 405, wire: 'MethodNotAllowedHttpException', detail: 'The {method} method is not supported for route {path}.' },
  'resource.not_found': { status: 404, wire: 'NotFoundHttpException', detail: 'The requested resource could not be found on the server.' },

  // Who asks
  'auth.required': { status: 401, wire: 'AuthenticationException', detail: 'Unauthenticated.' },
  'auth.forbidden': { status: 403, wire: 'AccessDeniedHttpException', detail: 'This action is unauthorized.' },
  'auth.not_administrator': { status: 403, wire: 'AccessDeniedHttpException', detail: 'This account does not have permission to access the API.' },
  'auth.wrong_key_kind': { status: 403, wire: 'AccessDeniedHttpException', detail: 'You are attempting to use an application API key on an endpoint that requires a client API key.' },
  'auth.address_refused': { status: 403, wire: 'AccessDeniedHttpException', detail: 'This IP address ({ip}) does not have permission to access the API using these credentials.' },
  'auth.two_factor_demanded': { status: 400, wire: 'TwoFactorAuthRequiredException', detail: 'Two-factor authentication is required on this account in order to access this endpoint.' },
  'auth.password_change_demanded': { status: 403, wire: 'AccessDeniedHttpException', detail: 'A new password has to be set for this account first.' },

  // Servers and their nodes
  'server.not_found': { status: 404, wire: 'NotFoundHttpException', detail: 'The requested resource does not exist on this server.' },
  'server.suspended': { status: 409, wire: 'ServerStateConflictException', detail: 'This server is currently suspended and the functionality requested is unavailable.' },
  'server.node_maintenance': { status: 409, wire: 'ServerStateConflictException', detail: 'The node of this server is currently under maintenance and the functionality requested is unavailable.' },
  'server.not_installed': { status: 409, wire: 'ServerStateConflictException', detail: 'This server has not yet completed its installation process, please try again later.' },
  'server.restoring': { status: 409, wire: 'ServerStateConflictException', detail: 'This server is currently restoring from a backup, please try again later.' },
  'server.transferring': { status: 409, wire: 'ServerStateConflictException', detail: 'This server is currently being transferred to a new machine, please try again later.' },
  'node.unreachable': { status: 504, wire: 'DaemonConnectionException', detail: 'Could not establish a connection to the machine running this server. Please try again.' },
  'node.refused': { status: 400, wire: 'DaemonConnectionException', detail: 'An error occurred on the remote host: {error}. (request id: {requestId})' },
  'node.failed': { status: 500, wire: 'DaemonConnectionException', detail: 'There was an error while communicating with the machine running this server. This error has been logged, please try again. (code: {status}) (request_id: {requestId})' },

  // A node that calls
  'node.credentials_missing': { status: 401, wire: 'HttpException', detail: 'Access to this endpoint must include an Authorization header.' },
  'node.credentials_malformed': { status: 400, wire: 'BadRequestHttpException', detail: 'The Authorization header provided was not in a valid format.' },
  'node.not_authorized': { status: 403, wire: 'AccessDeniedHttpException', detail: 'You are not authorized to access this resource.' },
} as const satisfies Record<string, Failure>

export type FailureCode = keyof typeof FAILURES

type Slots<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Slots<Rest> : never

/** What the thrower must tell, read from the sentence. */
export type FailureValues<Code extends FailureCode> = { [Name in Slots<(typeof FAILURES)[Code]['detail']>]: string | number }
