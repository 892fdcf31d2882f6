/** Why a provider's word was not taken, as the page that it led back to says: `?refused=<reason>`. */
export function useRefusal(): ComputedRef<string | undefined> {
  const [route, i18n, { $language }] = [useRoute(), useI18n(), useNuxtApp()]
  const isReady = ref(false)
  const reason = computed(() => (typeof route.query.refused === 'string' ? route.query.refused : undefined))
  onMounted(async () => {
    if (!reason.value) return
    await $language.needFailures().catch(() => undefined)
    isReady.value = true
  })
  // Whatever somebody writes into an address is no sentence of ours.
  return computed(() =>
    isReady.value && reason.value && /^(provider|sign_in)\.\w+$/.test(reason.value)
      ? failureSentence({ detail: i18n.t('auth.providers.refused'), meta: { reason: reason.value } }, i18n)
      : undefined,
  )
}
