import { getRequestHost, getRequestProtocol, type H3Event } from 'h3'
import { useEnv } from '#server/env'
import { currentSettings } from '#server/services/settings/current-settings'

/** The panel's own address, without a slash at the end. Before the set-up, what the request was sent to. */
export function panelAddress(event: H3Event): string {
  return useEnv().APP_URL || currentSettings()?.panel.address || requestOrigin(event)
}

export function requestOrigin(event: H3Event): string {
  return `${getRequestProtocol(event)}://${getRequestHost(event)}`
}
