/** Lets administrators in, whatever their roles; each page shows only what they carry. */
export default defineNuxtRouteMiddleware(() => {
  const { isAdministrator } = useSession()
  if (!isAdministrator.value)
    return abortNavigation(createError({ statusCode: 403, statusMessage: 'Forbidden', fatal: true }))
})
