import { de } from './de.ts'
import { en } from './en.ts'
import type { Texts } from './mails.ts'

/** By language; English where one is missing. */
export const texts: Record<string, Texts> = { en, de }
