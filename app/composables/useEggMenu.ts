import { EXPORT_FORMATS, type EggInFull } from '#shared/contracts/application/eggs'

interface Acts {
  remove: (egg: EggInFull) => unknown
  overwrite: (egg: EggInFull) => unknown
  update: (egg: EggInFull) => unknown
  copy: (egg: EggInFull) => unknown
}

/** What is done with a whole egg, from a list or from its own page. */
export function useEggMenu({ remove, overwrite, update, copy }: Acts) {
  const { t } = useI18n()
  const { mayAdminister } = useSession()
  const confirm = useConfirm()

  async function onRemove(egg: EggInFull) {
    if (
      await confirm({
        title: t('eggs.delete.title', { name: egg.name }),
        body: t('eggs.delete.body'),
        action: t('eggs.delete.submit'),
        icon: 'i-lucide-trash-2',
      })
    )
      remove(egg)
  }

  /** The browser fetches the file by itself: it is the panel's own address. */
  const linkOf = (egg: EggInFull, format?: string) =>
    `/api/application/eggs/${egg.id}/export${format ? `?format=${format}` : ''}`

  const exportsOf = (egg: EggInFull) => [
    ...(egg.source_format
      ? [
          {
            label: t('eggs.export.asItCame', { format: egg.source_format }),
            to: linkOf(egg),
            external: true,
            download: '',
          },
        ]
      : []),
    ...EXPORT_FORMATS.map((format) => ({
      label: t(`eggs.export.${format}`),
      to: linkOf(egg, format),
      external: true,
      download: '',
    })),
  ]

  const itemsOf = (egg: EggInFull) => {
    const mayWrite = mayAdminister('eggs', 'write')
    return [
      [
        { label: t('eggs.export.title'), icon: 'i-lucide-file-down', children: exportsOf(egg) },
        ...(mayWrite
          ? [
              ...(egg.update_url
                ? [{ label: t('eggs.update.look'), icon: 'i-lucide-refresh-cw', onSelect: () => void update(egg) }]
                : []),
              { label: t('eggs.menu.overwrite'), icon: 'i-lucide-file-up', onSelect: () => void overwrite(egg) },
              { label: t('eggs.copy.open'), icon: 'i-lucide-copy', onSelect: () => void copy(egg) },
            ]
          : []),
      ],
      ...(mayWrite
        ? [
            [
              {
                label: t('eggs.menu.delete'),
                icon: 'i-lucide-trash-2',
                color: 'error' as const,
                onSelect: () => void onRemove(egg),
              },
            ],
          ]
        : []),
    ]
  }

  return { itemsOf }
}
