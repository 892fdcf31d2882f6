export interface NavItem {
  label: string
  icon: string
  to: string
  /** Active only at this very address. */
  exact?: boolean
  /** `6`, `3/5`. */
  count?: string
  /** Something behind it needs a hand. */
  alert?: { icon: string; count: string; label: string }
}

export interface NavGroup {
  id: string
  label?: string
  items: NavItem[]
}
