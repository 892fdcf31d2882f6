import { AppError } from '#server/errors'
import { render } from '#server/mail/render'
import { transmit } from '#server/mail/transmit'
import { getSettings } from '#server/services/settings/current-settings'
import { mailServer } from './mail-server.ts'
import { findCustomText } from './mail-texts.ts'

/** Sends one mail right now, past the outbox, so that who set the mail server up sees what it says. Throws that. */
export async function sendTestMail({ to }: { to: string }): Promise<void> {
  const [mail, { panel }] = [await mailServer(), await getSettings()]
  if (!mail) throw new AppError('mail.not_set_up')
  const [template, locale] = ['panel.test', panel.locale]
  const custom = await findCustomText(template, locale)
  const said = render({ template, locale, custom, values: {}, panelName: panel.name })
  await transmit({ ...mail, panelName: panel.name, to, ...said })
}
