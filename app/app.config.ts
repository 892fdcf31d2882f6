/** Icons are 16 px, 20 where fingers press. */
const ICON = 'size-4 touch:size-5'
const TOUCH = 'touch:min-h-11'

const control = { slots: { base: TOUCH }, variants: { size: { md: { leadingIcon: ICON, trailingIcon: ICON } } } }
const menu = { itemLeadingIcon: ICON, itemTrailingIcon: ICON }
const choice = {
  slots: { base: TOUCH, item: `${TOUCH} items-center` },
  variants: { size: { md: { leadingIcon: ICON, trailingIcon: ICON, ...menu } } },
}

export default defineAppConfig({
  ui: {
    colors: { primary: 'iris', neutral: 'zinc', success: 'emerald', warning: 'amber', error: 'red', info: 'sky' },
    icons: { loading: 'i-lucide-loader-circle', copy: 'i-lucide-copy', copyCheck: 'i-lucide-check' },
    button: {
      slots: { base: 'touch:min-h-11 touch:min-w-11 touch:justify-center' },
      variants: {
        size: { sm: { leadingIcon: ICON, trailingIcon: ICON }, md: { leadingIcon: ICON, trailingIcon: ICON } },
      },
      compoundVariants: [
        { color: 'primary' as const, variant: 'solid' as const, class: 'hover:bg-primary/90 active:bg-primary/90' },
      ],
    },
    input: control,
    inputNumber: { slots: { base: TOUCH } },
    select: choice,
    selectMenu: choice,
    inputMenu: choice,
    dropdownMenu: { slots: { item: `${TOUCH} items-center` }, variants: { size: { md: menu } } },
    contextMenu: { slots: { item: `${TOUCH} items-center` }, variants: { size: { md: menu } } },
    commandPalette: { slots: { item: `${TOUCH} items-center` }, variants: { size: { md: menu } } },
    // Fields that are switched off while a form is sent lose the focus, and could not be given it when it is refused.
    form: { defaultVariants: { loadingAuto: false } } as object,
    formField: { slots: { container: 'mt-1.5' } },
    modal: { slots: { title: 'text-[15px]/5', footer: 'justify-end flex-wrap' } },
    slideover: { slots: { title: 'text-[15px]/5' } },
    toast: { slots: { root: 'rounded-lg' } },
    // Fainter text is too faint on a coloured ground.
    alert: { slots: { icon: 'size-4', description: 'opacity-100' } },
    table: {
      slots: {
        root: 'rounded-lg border border-default',
        th: 'h-9 py-0 px-3 text-xs font-medium text-muted bg-muted',
        td: 'h-11 touch:h-14 py-0 px-3 text-default',
      },
    },
    // The shell is as high as the screen less its banner and its bottom bar. What has the focus is not scrolled below a foot.
    dashboardPanel: { slots: { root: 'min-h-0 shrink', body: 'gap-5 sm:gap-5 has-[[data-foot]]:scroll-pb-32' } },
    dashboardSidebar: {
      slots: { root: 'bg-muted', header: 'px-3', body: 'px-3', footer: 'px-2 border-t border-default' },
    },
  },
})
