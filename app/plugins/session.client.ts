/** Asks who is signed in while the rest of the app still loads. */
export default defineNuxtPlugin({
  name: 'session',
  parallel: true,
  setup(nuxtApp) {
    const { load, recheck, leave, user, isShut } = useSession()
    // Who asked again is told what failed; the page waits for the same answer.
    load().catch(() => undefined)

    // Maintenance began, or is over: whoever is in the panel sees so without asking for another page.
    watch(isShut, () => {
      const router = useRouter()
      const { path, fullPath, query } = router.currentRoute.value
      if (isShut.value && !path.startsWith('/auth/'))
        void router.replace({ path: '/maintenance', query: fullPath === '/' ? {} : { redirect: fullPath } })
      else if (!isShut.value && path === '/maintenance') void router.replace(onSitePath(query.redirect))
    })

    nuxtApp.hook('session:ended', async () => {
      if (!user.value) return
      const answer = await recheck().catch(() => undefined)
      if (answer && !answer.user) await leave(useRouter().currentRoute.value.fullPath)
    })
  },
})

declare module '#app' {
  interface RuntimeNuxtHooks {
    /** A call was answered with 401: whoever was signed in may not be any more. */
    'session:ended': () => void | Promise<void>
  }
}
