import { AppError } from '#server/errors'
import { getSettings } from '#server/services/settings/current-settings'

/** @throws {AppError} `sign_in.password_off` where only providers and passkeys let somebody in */
export async function refuseWithoutPasswords(): Promise<void> {
  if (!(await getSettings()).signIn.passwordSignIn) throw new AppError('sign_in.password_off')
}
