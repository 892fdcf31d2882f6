import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

/*
 * What is asked of every page, whatever it is about. Each question answers with a list of faults in words; empty is good.
 */

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Sentences = { [key: string]: string | Sentences }

function sentencesOf(language: string): Sentences {
  const folder = `i18n/locales/${language}`
  return Object.assign(
    {},
    ...readdirSync(folder).map((file) => JSON.parse(readFileSync(`${folder}/${file}`, 'utf8'))),
  ) as Sentences
}

function flat(sentences: Sentences, before = ''): [key: string, sentence: string][] {
  return Object.entries(sentences).flatMap(([name, value]) =>
    typeof value === 'string' ? [[before + name, value] as [string, string]] : flat(value, `${before}${name}.`),
  )
}

const english = flat(sentencesOf('en'))
const german = new Map(flat(sentencesOf('de')))
/** `servers.empty`, `servers`: what a key may begin with. */
const groups = new Set(
  english.flatMap(([key]) =>
    key
      .split('.')
      .slice(0, -1)
      .map((_, index, all) => all.slice(0, index + 1).join('.')),
  ),
)
/** Whole sentences that are said in another way in German. One word alone may be a name. */
const onlyEnglish = new Set(
  english
    .filter(([key, sentence]) => /^[^{@|]+ [^{@|]+$/.test(sentence) && german.get(key) !== sentence)
    .map(([, sentence]) => sentence),
)

/** Files of the simulated servers, which look like keys. */
const NAMES = new Set(['server.properties', 'server.jar', 'demo.sh'])

/** Waits until the page stands: its title is there, nothing shimmers, and no question is on its way. */
export async function settle(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(
    () => document.fonts.status === 'loaded' && document.querySelectorAll('.animate-pulse').length === 0,
  )
  // The stream of events never ends, so the browser itself is never done loading.
  await page.evaluate(async () => {
    const count = () => performance.getEntriesByType('resource').length
    for (let quiet = 0, before = count(); quiet < 3;) {
      await new Promise((later) => setTimeout(later, 50))
      const now = count()
      quiet = now === before ? quiet + 1 : 0
      before = now
    }
  })
}

/** What stands on the page that nobody should read. */
export async function wordFaults(page: Page, language: 'en' | 'de'): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const shown: string[] = [document.title]
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement
      // What a game prints and what a file says are not our words.
      if (parent && !parent.closest('script, style, .xterm, .cm-editor, textarea, code, pre, option')) {
        shown.push(walker.currentNode.textContent ?? '')
      }
    }
    for (const element of document.querySelectorAll('[aria-label], [placeholder], [title], [alt]')) {
      for (const name of ['aria-label', 'placeholder', 'title', 'alt']) {
        shown.push(element.getAttribute(name) ?? '')
      }
    }
    return shown.map((text) => text.trim()).filter(Boolean)
  })

  return texts.flatMap((text) => {
    const keys = (text.match(/[a-z][\w]*(?:\.[\w-]+)+/gi) ?? []).filter(
      (key) => !NAMES.has(key) && groups.has(key.slice(0, key.lastIndexOf('.'))),
    )
    return [
      ...keys.map((key) => `raw key: ${key}`),
      ...(/\bundefined\b|\bNaN\b|\[object |(?<!\{)\{\w+\}/.test(text) ? [`not a sentence: ${text.slice(0, 80)}`] : []),
      ...(language === 'de' && onlyEnglish.has(text) ? [`not in German: ${text.slice(0, 80)}`] : []),
    ]
  })
}

/** What cannot be reached without scrolling sideways. A terminal, an editor, tabs and wide tables may be wider than the screen. */
export function sidewaysFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const named = (element: Element) =>
      `<${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ''}> "${(element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40)}"`
    const mayScroll = (element: Element) =>
      element.matches('.xterm *, .cm-editor *, pre, textarea, [role=tablist], nav, [data-slot=tablist]') ||
      element.querySelector(':scope > table, :scope > [role=tablist], :scope > nav') !== null
    const isScroller = (element: Element) => /auto|scroll/.test(getComputedStyle(element).overflowX)
    const faults: string[] = []

    if (document.documentElement.scrollWidth > width) {
      faults.push(`the page is ${document.documentElement.scrollWidth} px wide on ${width}`)
    }
    for (const element of document.body.querySelectorAll('*')) {
      if (
        isScroller(element) &&
        element.scrollWidth > element.clientWidth + 1 &&
        element.clientWidth > 0 &&
        !mayScroll(element)
      ) {
        faults.push(`${named(element)} scrolls: ${element.scrollWidth} px in ${element.clientWidth}`)
      }
    }
    for (const element of document.body.querySelectorAll('button, a, input, select, h1, h2')) {
      const box = element.getBoundingClientRect()
      const isShown =
        box.width > 1 &&
        box.height > 1 &&
        (element as HTMLElement).checkVisibility({ visibilityProperty: true, opacityProperty: true })
      let holder: Element | null = element
      while (holder && !(isScroller(holder) && mayScroll(holder))) {
        holder = holder.parentElement
      }
      if (isShown && !holder && (box.right > width + 1 || box.left < -1)) {
        faults.push(`${named(element)} reaches from ${Math.round(box.left)} to ${Math.round(box.right)} px`)
      }
    }
    return faults
  })
}

/** What axe finds that is serious, with the places. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Half faded in, every colour is too pale. What turns for ever is not waited for.
  await page.evaluate(() =>
    Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
        .map(({ finished }) => finished),
    ),
  )
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run: (
          context: unknown,
          options: unknown,
        ) => Promise<{
          violations: {
            id: string
            impact: string
            help: string
            nodes: { target: string[]; any: { message: string }[] }[]
          }[]
        }>
      }
    }
    const { violations } = await axe.run(
      // The terminal draws its own cells; what it prints is the game's.
      { exclude: [['.xterm']] },
      {
        resultTypes: ['violations'],
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      },
    )
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, help, nodes }) =>
        nodes.map(({ target, any }) => `${id}: ${help}: ${target.join(' ')} ${any[0]?.message ?? ''}`),
      )
  })
}
