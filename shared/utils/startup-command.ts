/** A start-up command with `{{NAME}}` filled in, for people to read; Wings fills it in for real. Unknown names stay. */
export function filledCommand(command: string, valueOf: (name: string) => string | undefined): string {
  return command.replace(/\{\{\s*(\w+)\s*\}\}/g, (slot, name: string) => valueOf(name) ?? slot)
}
