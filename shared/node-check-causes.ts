/** Why a step on the way to a node failed, or warns. Each has a sentence: `failures.node.check.<cause>`. Browsers report with the same words. */
export const NODE_CHECK_CAUSES = [
  'name_unknown',
  'name_timeout',
  'port_refused',
  'port_timeout',
  'port_unroutable',
  'tls_absent',
  'tls_expired',
  'tls_ends_soon',
  'tls_not_yet_valid',
  'tls_wrong_name',
  'tls_self_signed',
  'tls_untrusted',
  'tls_timeout',
  'tls_failed',
  'answer_timeout',
  'answer_broken',
  'answer_wants_tls',
  'answer_not_wings',
  'answer_failing',
  'token_refused',
  'clock_ahead',
  'clock_behind',
  // What only browsers run into.
  'mixed_content',
  'browser_refused',
  'origin_refused',
  'socket_refused',
] as const

export type NodeCheckCause = (typeof NODE_CHECK_CAUSES)[number]
