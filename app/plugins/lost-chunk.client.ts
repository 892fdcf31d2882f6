/** A part of the app that does not arrive is brought by a fresh load, unless the panel is silent: then the reader stays where he is. */
export default defineNuxtPlugin((nuxtApp) => {
  const lost = new WeakSet<object>()
  nuxtApp.hook('app:chunkError', ({ error }: { error: object }) => void lost.add(error))

  async function tell(): Promise<void> {
    await nuxtApp.$language.needFailures().catch(() => undefined)
    const title = nuxtApp.$i18n.t('failures.no_answer')
    await nuxtApp.runWithContext(() => void useToast().add({ title, color: 'error', icon: 'i-lucide-circle-alert' }))
  }

  useRouter().onError(async (error: object, to) => {
    if (!lost.has(error)) return
    if (await isPanelThere()) reloadNuxtApp({ path: to.fullPath, persistState: true })
    else await tell()
  })
})
