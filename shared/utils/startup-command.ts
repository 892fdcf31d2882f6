/** A start-up command with `{{NAME}}` filled in, for people to read; Wings fills it in for real. Unknown names stay. */
export function filledCommand(command: string, values: Readonly<Record<string, string>>): string {
  return command.replace(/\{\{\s*(\w+)\s*\}\}/g, (slot, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : slot,
  )
}
