const USUAL = 'i-lucide-egg'

/** An egg's mark: one of lucide's by name, or the egg. */
export const eggIcon = (name: string | null | undefined): string => (name && /^[a-z0-9-]+$/.test(name) ? `i-lucide-${name}` : USUAL)
