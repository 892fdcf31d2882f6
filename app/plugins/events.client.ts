import { events } from '#shared/contracts/client/events'

/** Keeps the browser's event stream while somebody is signed in. */
export default defineNuxtPlugin({
  name: 'events',
  dependsOn: ['session'],
  setup(nuxtApp) {
    const { user, refresh } = useSession()

    nuxtApp.hook('app:mounted', () => {
      watch(
        () => user.value?.uuid,
        (uuid, _, onCleanup) => {
          if (!uuid) return
          onCleanup(
            openEventStream({
              url: urlOf(events.stream),
              hear: (message) =>
                message.topic === 'connection'
                  ? noteConnection(message.data.isLost)
                  : tellListeners(message.topic, message.data as never),
              onRefused: () => void nuxtApp.callHook('session:ended'),
            }),
          )
        },
        { immediate: true },
      )
    })

    // What the panel is called, or another setting that every page shows.
    void nuxtApp.runWithContext(() =>
      useEvents().refreshOn(
        'panel',
        () => true,
        () => user.value && refresh().catch(() => undefined),
      ),
    )

    // Rights changed: what the shell shows follows. Where the session ended with them, the page is left.
    void nuxtApp.runWithContext(() => useEvents().on('access', () => void nuxtApp.callHook('session:ended')))
  },
})
