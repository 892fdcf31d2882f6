import { describe, expect, it } from 'vitest'
import { consoleLine, plainLine } from '../../../app/utils/console-line'

const ESC = '\u001B'
const BEL = '\u0007'
const ST = `${ESC}\\`
const RED = `${ESC}[31m`
const END = `${ESC}[0m`

describe('a line of a console', () => {
  it.each([
    ['plain text', '[12:00:00 INFO]: Done (8.4s)!'],
    ['letters of all kinds', 'Grüße, 你好, 👋, é'],
    ['a tab', 'a\tb'],
    ['colours', `${RED}red${END} and ${ESC}[1;38;2;120;80;220mviolet${ESC}[m`],
    ['colours with colons', `${ESC}[38:5:208morange${END}`],
  ])('keeps %s', (_, line) => expect(consoleLine(line)).toBe(line))

  it.each([
    ['where the cursor is', `${ESC}[6n`],
    ['what the terminal is', `${ESC}[c${ESC}[>c${ESC}[=c${ESC}[>q`],
    ['what it is, in one byte', '\u0005'],
    ['a title', `${ESC}]0;owned${BEL}`],
    ['a title, ended in the other way', `${ESC}]2;owned${ST}`],
    ['a title of screen', `${ESC}kowned${ST}`],
    ['the report of the title', `${ESC}[21t`],
    ['to write the clipboard', `${ESC}]52;c;b3duZWQ=${BEL}`],
    ['to read the clipboard', `${ESC}]52;c;?${BEL}`],
    ['a colour of the palette', `${ESC}]4;1;?${BEL}${ESC}]11;?${ST}`],
    ['a setting', `${ESC}P$qm${ST}`],
    ['another screen', `${ESC}[?1049h`],
    ['an empty screen', `${ESC}[2J${ESC}[3J${ESC}[H`],
    ['a fresh start', `${ESC}c`],
    ['a place further up', `${ESC}[20A${ESC}[2K`],
    ['another set of letters', `${ESC}(0`],
    ['marks around what is pasted', `${ESC}[?2004h`],
    ['every move of the mouse', `${ESC}[?1003h${ESC}[?1006h`],
    ['strings of other kinds', `${ESC}_owned${ST}${ESC}^owned${ST}${ESC}Xowned${ST}`],
    ['the same in eight bits', '\u009B6n\u009D0;owned\u009C\u0090$qm\u009C\u009Fowned\u009C'],
    ['a string without an end', `${ESC}]0;owned`],
    ['a sequence without an end', `${ESC}[`],
    ['half of one', ESC],
    ['one within another', `${ESC}[${ESC}[6n${ESC}]0;${ESC}]0;owned${BEL}`],
    ['a bell and other bytes of that kind', '\u0000\u0007\u0008\u000B\u000E\u007F\u0085'],
  ])('asks nothing for %s', (_, hostile) => {
    expect(consoleLine(`before ${hostile}`)).toBe('before ')
    expect(plainLine(`before ${hostile}`)).toBe('before ')
  })

  it('keeps what stands after a link, a title and the end of a string', () => {
    const link = `${ESC}]8;;javascript:alert(1)${ST}press${ESC}]8;;${ST} here`
    expect(consoleLine(`${ESC}]0;owned${BEL}${link}`)).toBe('press here')
  })

  it('leaves the colours that stand beside what it takes out', () => {
    expect(consoleLine(`${RED}a${ESC}[6nb${END}`)).toBe(`${RED}ab${END}`)
    expect(plainLine(`${RED}a${ESC}[6nb${END}`)).toBe('ab')
  })

  it('shows of a line that was written over itself the last writing', () => {
    expect(consoleLine('Loading 10%\rLoading 90%\r\n')).toBe('Loading 90%')
    expect(consoleLine('Loading 10%\rLoading 90%\r')).toBe('Loading 90%')
  })

  it('takes a megabyte of nonsense in its stride', () => {
    const began = performance.now()
    consoleLine(`${ESC}]`.repeat(250_000) + `${ESC}[`.repeat(250_000))
    expect(performance.now() - began).toBeLessThan(2000)
  })
})
