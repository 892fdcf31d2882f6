/** The colours of what can be pressed, as `app/assets/css/palettes.css` has them. */
export const PALETTES = ['iris', 'cobalt', 'lagoon', 'orchid', 'clay', 'graphite'] as const
