/** Pages that somebody sees who is not signed in. */
const OPEN = new Set([
  '/auth/login',
  '/auth/two-factor',
  '/auth/forgot-password',
  '/auth/reset-password',
  '/auth/confirm-email',
  '/auth/setup',
  '/auth/register',
  '/auth/confirm',
])

/** All that there is while administrators work on the panel. */
const SHUT = '/maintenance'

/** Where a second factor is set up: the only place for whom one is demanded. */
const SECURITY = '/account/security'

/** What the panel answers to programs is read by everybody; who is not signed in reads it without a shell around it. */
const FOR_EVERYBODY = '/docs/api'

export default defineNuxtRouteMiddleware(async (to) => {
  const { load, isShut } = useSession()
  const { panel, user, demands } = await load().catch((error: unknown) => {
    const [{ meta }] = failuresOf(error)
    throw createError({
      statusCode: statusOf(error) || 503,
      fatal: true,
      data: { reason: meta.reason, requestId: requestIdOf(error) },
    })
  })
  const go = (path: string) => (to.path === path ? undefined : navigateTo(path, { replace: true }))

  if (!panel.is_set_up)
    return to.path === '/auth/setup'
      ? undefined
      : navigateTo({ path: '/auth/setup', query: to.query }, { replace: true })

  if (isShut.value && !OPEN.has(to.path))
    return to.path === SHUT
      ? undefined
      : navigateTo({ path: SHUT, query: to.fullPath === '/' ? {} : { redirect: to.fullPath } }, { replace: true })
  if (to.path === SHUT) return navigateTo(onSitePath(to.query.redirect), { replace: true })

  if (!user) {
    if (OPEN.has(to.path) && to.path !== '/auth/setup') return
    if (to.path === FOR_EVERYBODY) return void (to.meta.layout = 'open')
    return navigateTo(
      { path: '/auth/login', query: to.fullPath === '/' || to.path === '/auth/setup' ? {} : { redirect: to.fullPath } },
      { replace: true },
    )
  }

  if (demands.includes('password-change')) return go('/auth/change-password')
  if ((to.path === '/auth/login' || to.path === '/auth/two-factor') && !isShut.value)
    return navigateTo(onSitePath(to.query.redirect), { replace: true })
  if (demands.includes('two-factor') && !to.path.startsWith('/auth/')) return go(SECURITY)
})
