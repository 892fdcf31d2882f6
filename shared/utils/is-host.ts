/** A name or an address that a URL can be made of, and nothing more: no scheme, port or path. IPv6 with or without brackets. */
export const isHost = (text: string): boolean =>
  /^(?:[\p{L}\p{M}\p{N}._-]+|\[?[\da-f.]*:[\da-f:.]*\]?)$/iu.test(text) &&
  URL.canParse(`http://${text.includes(':') && !text.startsWith('[') ? `[${text}]` : text}`)
