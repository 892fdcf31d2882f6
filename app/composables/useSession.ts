import { currentSession, type Preferences, type SessionState } from '#shared/contracts/client/session'
import { signIn } from '#shared/contracts/client/sign-in'
import { LEVEL, type AdminResource, type Level } from '#shared/permissions'

const EVERYTHING = LEVEL.read | LEVEL.write
const COOKIE_COMES_WITHIN_MS = 1500

/** Who is signed in in this browser, what he may administer, and what the panel is called. Loaded once, before the first page. */
export function useSession() {
  const state = useState<SessionState | null>('session', () => null)
  const nuxtApp = useNuxtApp()

  async function refresh(): Promise<SessionState> {
    state.value = await nuxtApp.runWithContext(() => api(currentSession.get))
    return state.value
  }

  /**
   * Asks again after the old answer may have ended. One "nobody" is not believed: whoever changes his password, in this
   * tab or another, has a new cookie a moment after the old one ended.
   */
  async function recheck(): Promise<SessionState> {
    const answer = await nuxtApp.runWithContext(() => api(currentSession.get))
    if (answer.user) {
      state.value = answer
      return answer
    }
    await new Promise((later) => setTimeout(later, COOKIE_COMES_WITHIN_MS))
    return refresh()
  }

  /** One question, however many ask at the start. */
  function load(): Promise<SessionState> {
    if (state.value) return Promise.resolve(state.value)
    const asked = nuxtApp as typeof nuxtApp & { _session?: Promise<SessionState> }
    asked._session ??= refresh().finally(() => {
      asked._session = undefined
    })
    return asked._session
  }

  async function signOut(): Promise<void> {
    await api(signIn.signOut)
    await leave()
  }

  /** Forgets who was here. The page is loaded anew: nothing of one person stays for the next. */
  async function leave(redirect?: string): Promise<void> {
    state.value = null
    window.location.assign(redirect ? `/auth/login?redirect=${encodeURIComponent(redirect)}` : '/auth/login')
  }

  /** Whoever acts as somebody else is himself again, where he left. */
  async function stopActing(): Promise<void> {
    await api(currentSession.stopActing)
    window.location.assign('/admin/users')
  }

  function mayAdminister(resource: AdminResource, level: Level = 'read'): boolean {
    const user = state.value?.user
    if (!user) return false
    const held = user.is_root_admin ? EVERYTHING : (user.grants[resource] ?? 0)
    return (held & LEVEL[level]) !== 0
  }

  /** Shown at once, taken back if the panel refuses. Whoever acts as somebody likes it so until he stops. */
  async function prefer(change: Partial<Preferences>): Promise<void> {
    const user = state.value?.user
    if (!user) return
    const before = user.preferences
    user.preferences = { ...before, ...change }
    if (state.value?.impersonator) return
    try {
      await api(currentSession.updatePreferences, { body: change })
    } catch (error) {
      user.preferences = before
      throw error
    }
  }

  const isAdministrator = computed(() => {
    const user = state.value?.user
    return !!user && (user.is_root_admin || Object.values(user.grants).some((bits) => (bits ?? 0) > 0))
  })

  return {
    session: state,
    user: computed(() => state.value?.user ?? null),
    panel: computed(() => state.value?.panel),
    demands: computed(() => state.value?.demands ?? []),
    impersonator: computed(() => state.value?.impersonator ?? null),
    preferences: computed<Preferences>(() => state.value?.user?.preferences ?? {}),
    isAdministrator,
    /** The panel is under maintenance, and this is nobody who may be in it meanwhile. */
    isShut: computed(() => !!state.value?.panel.maintenance && !isAdministrator.value && !state.value.impersonator),
    mayAdminister,
    load,
    refresh,
    recheck,
    prefer,
    signOut,
    leave,
    stopActing,
  }
}
