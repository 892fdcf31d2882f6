/** What another variable of the same egg is set to; undefined where it has none of that name. */
export type Others = (name: string) => string | undefined

interface Demand {
  /** Whether these arguments demand a value, as the others are. */
  isMade: (args: readonly string[], others: Others) => boolean
  says: (args: readonly string[]) => string
  values: (args: readonly string[]) => Record<string, string>
  least: number
}

/** Eggs name another variable with or without the place where the API has it. */
const bare = (name: string) => name.replace(/^environment\./, '')
const isFilled = (others: Others) => (name: string) => (others(bare(name)) ?? '').trim() !== ''
const listed = (args: readonly string[]) => args.map(bare).join(', ')

const presence = (when: string, isMade: Demand['isMade']): Demand => ({
  isMade,
  says: (args) => `field is required when ${listed(args)} ${when} present.`,
  values: (args) => ({ values: listed(args) }),
  least: 1,
})

/** Rules that demand a value only as other variables are, by name. */
const DEMANDS: Record<string, Demand> = {
  required_if: {
    isMade: ([name = '', ...wanted], others) => wanted.includes(others(bare(name)) ?? ''),
    says: ([name = '', ...wanted]) => `field is required when ${bare(name)} is ${wanted.join(', ')}.`,
    values: ([name = '', ...wanted]) => ({ other: bare(name), values: wanted.join(', ') }),
    least: 2,
  },
  required_unless: {
    isMade: ([name = '', ...wanted], others) => !wanted.includes(others(bare(name)) ?? ''),
    says: ([name = '', ...wanted]) => `field is required unless ${bare(name)} is in ${wanted.join(', ')}.`,
    values: ([name = '', ...wanted]) => ({ other: bare(name), values: wanted.join(', ') }),
    least: 2,
  },
  required_with: presence('is', (args, others) => args.some(isFilled(others))),
  required_with_all: presence('are', (args, others) => args.every(isFilled(others))),
  required_without: presence('is not', (args, others) => !args.every(isFilled(others))),
  required_without_all: presence('are not', (args, others) => !args.some(isFilled(others))),
}

export const demandOf = ({ name, args }: { name: string; args: readonly string[] }): Demand | undefined => {
  const demand = Object.hasOwn(DEMANDS, name) ? DEMANDS[name] : undefined
  return demand && args.length >= demand.least ? demand : undefined
}
