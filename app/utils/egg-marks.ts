/** The marks that an egg may carry beside an uploaded image. */
export const EGG_MARKS = [
  'i-lucide-pickaxe', 'i-lucide-axe', 'i-lucide-hammer', 'i-lucide-sword', 'i-lucide-swords', 'i-lucide-shield',
  'i-lucide-leaf', 'i-lucide-trees', 'i-lucide-mountain', 'i-lucide-globe', 'i-lucide-rocket', 'i-lucide-car',
  'i-lucide-ship', 'i-lucide-crosshair', 'i-lucide-gamepad-2', 'i-lucide-dices', 'i-lucide-skull', 'i-lucide-ghost',
  'i-lucide-bot', 'i-lucide-music', 'i-lucide-mic', 'i-lucide-code', 'i-lucide-box', 'i-lucide-flame',
] as const
