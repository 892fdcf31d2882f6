import { permissionPresets, type PermissionPreset } from '#shared/contracts/client/permission-presets'

/** One's own presets of rights, the same for every server. */
export function usePermissionPresets(enabled: () => boolean) {
  const { t } = useI18n()
  const { data, refresh } = useApi(permissionPresets.list, { enabled })
  const own = computed<readonly PermissionPreset[]>(() => data.value ?? [])

  /** What a set of rights is called, if it is called anything. */
  function nameOf(permissions: readonly string[]): string | undefined {
    const held = rightsAmong(permissions)
    const known = (Object.keys(PRESETS) as PresetName[]).find((name) => isSameRights(held, PRESETS[name]))
    if (known) return t(`subusers.presets.${known}`)
    return own.value.find((preset) => isSameRights(held, rightsAmong(preset.permissions)))?.name
  }

  const save = useSubmit(
    async ({ id, ...body }: { id?: string; name: string; permissions: ServerRight[] }) => {
      const saved = await (id === undefined
        ? api(permissionPresets.create, { body })
        : api(permissionPresets.update, { params: { preset: id }, body }))
      await refresh()
      return saved
    },
    { success: 'subusers.presets.saved', inForm: true },
  )
  const remove = useSubmit(
    async (preset: string) => {
      await api(permissionPresets.remove, { params: { preset } })
      await refresh()
      return true
    },
    { success: 'subusers.presets.deleted' },
  )

  return { own, nameOf, save, remove }
}
