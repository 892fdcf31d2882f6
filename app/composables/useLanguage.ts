import type { Language } from '#shared/utils/languages'
import { accounts } from '#shared/contracts/client/account'

/** The language the panel speaks to this person, and how to change it; kept with the account where there is one. */
export function useLanguage() {
  const { $language, $i18n } = useNuxtApp()
  const { user } = useSession()
  const language = computed(() => $i18n.locale.value as Language)

  async function choose(next: Language): Promise<void> {
    await $language.set(next)
    if (!user.value) return
    user.value.language = next
    await api(accounts.updateProfile, { body: { language: next } })
  }

  return { language, choose }
}
