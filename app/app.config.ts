export default defineAppConfig({
  ui: {
    colors: { primary: 'iris', neutral: 'zinc', success: 'emerald', warning: 'amber', error: 'red', info: 'sky' },
    icons: { loading: 'i-lucide-loader-circle', copy: 'i-lucide-copy', copyCheck: 'i-lucide-check' },
    button: {
      slots: { base: 'touch:min-h-11 touch:min-w-11 touch:justify-center' },
      compoundVariants: [{ color: 'primary', variant: 'solid', class: 'hover:bg-primary/90 active:bg-primary/90' }],
    },
    table: {
      slots: {
        root: 'rounded-lg border border-default',
        th: 'h-9 py-0 px-3 text-xs font-medium text-muted bg-muted',
        td: 'h-11 touch:h-14 py-0 px-3 text-default',
      },
    },
    dashboardSidebar: {
      slots: { root: 'bg-muted', header: 'px-3', body: 'px-3', footer: 'px-2 border-t border-default' },
    },
  },
})
