import { registerEndpoint } from '@nuxt/test-utils/runtime'
import { flushPromises } from '@vue/test-utils'
import { readBody, setResponseStatus } from 'h3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import NewServer from '~/pages/admin/servers/new.vue'
import { stage } from '../panel/stage'
import { signIn } from '../signed-in'

const wire = (object: string, attributes: object) => ({ object, attributes })
const page = (data: object[]) => ({
  object: 'list',
  data,
  meta: {
    pagination: { total: data.length, count: data.length, per_page: 50, current_page: 1, total_pages: 1, links: {} },
  },
})
const marta = wire('user', { id: 7, uuid: 'u', username: 'marta', email: 'marta@kestrel.gg' })
const paper = wire('egg', {
  id: 3,
  nest: 1,
  nest_name: 'Minecraft',
  name: 'Paper',
  description: 'With plugins.',
  icon: 'pickaxe',
  tags: [],
  docker_image: 'java:21',
  startup: 'java -jar server.jar',
  images: [{ label: 'Java 21', image: 'java:21' }],
  commands: [{ name: 'Default', command: 'java -jar server.jar' }],
})
const token = wire('egg_variable', {
  id: 1,
  egg_id: 3,
  name: 'Token',
  description: '',
  env_variable: 'TOKEN',
  default_value: '',
  rules: 'required|string|max:20',
  user_viewable: false,
  user_editable: false,
})
const fra1 = wire('node', {
  id: 1,
  name: 'fra-1',
  public: true,
  location_id: 1,
  state: 'reachable',
  memory: 8192,
  memory_overallocate: 0,
  disk: 100_000,
  disk_overallocate: 0,
  cpu: 0,
  cpu_overallocate: 0,
  allocated_resources: { memory: 1024, disk: 0, cpu: 0 },
})

const asked: Record<string, unknown>[] = []
let isRefused = false
const off: (() => void)[] = []

beforeEach(() => {
  signIn({ is_root_admin: true })
  asked.length = 0
  isRefused = false
  off.push(
    registerEndpoint('/api/application/users', () => page([marta])),
    registerEndpoint('/api/application/eggs', () => ({ object: 'list', data: [paper] })),
    registerEndpoint('/api/application/nests/1/eggs/3/variables', () => ({ object: 'list', data: [token] })),
    registerEndpoint('/api/application/nodes', () => page([fra1])),
    registerEndpoint('/api/application/nodes/deployable', () => ({ object: 'list', data: [fra1] })),
    registerEndpoint('/api/application/locations', () => page([])),
    registerEndpoint('/api/application/servers', {
      method: 'POST',
      handler: async (event) => {
        asked.push(await readBody(event))
        if (!isRefused) return wire('server', { id: 9, identifier: '8f0f7e5c' })
        setResponseStatus(event, 400)
        return {
          errors: [
            {
              code: 'NoViableNodeException',
              status: '400',
              detail: 'No nodes.',
              meta: { reason: 'node.none_viable' },
            },
          ],
        }
      },
    }),
  )
})

afterEach(() => {
  for (const end of off.splice(0)) end()
})

type Shown = Awaited<ReturnType<typeof stage>>

const settle = async () => {
  for (let round = 0; round < 4; round++) {
    await flushPromises()
    await new Promise((later) => setTimeout(later, 30))
  }
}

async function press(shown: Shown, label: string) {
  const button = shown.findAll('button').find((one) => one.text() === label)
  if (!button) throw new Error(`There is no button ${label}: ${shown.text()}`)
  await (button.attributes('type') === 'submit' ? shown.get('form').trigger('submit') : button.trigger('click'))
  await settle()
}

const headingOf = (shown: Shown) => shown.get('form h2').text()

/** On the first step, with the only person chosen by itself. */
async function begin() {
  await useRouter().replace('/admin/servers/new')
  const shown = await stage(NewServer, { route: '/admin/servers/new' })
  await settle()
  await shown.get('input[name="name"]').setValue('Survival')
  await settle()
  return shown
}

async function toStartup(shown: Shown) {
  await press(shown, 'Next')
  await shown.get('input[type="radio"]').setValue()
  await settle()
  await press(shown, 'Next')
  await press(shown, 'Next')
  await press(shown, 'Next')
}

describe('the wizard for a server', () => {
  it('does not go on without an egg, and keeps what was typed on the way back', async () => {
    const shown = await begin()
    expect(shown.text()).toContain('1 of 5')
    await press(shown, 'Next')
    expect(headingOf(shown)).toBe('What does it run?')

    await press(shown, 'Next')
    expect(shown.text()).toContain('Choose what it runs')
    expect(shown.text()).toContain('2 of 5')

    await press(shown, 'Back')
    expect(shown.get<HTMLInputElement>('input[name="name"]').element.value).toBe('Survival')
    shown.leave()
  })

  it('takes the second press of a double click for none of the next step', async () => {
    const shown = await begin()
    await press(shown, 'Next')
    const next = shown.findAll('button').find((one) => one.text() === 'Next')!
    const isTaken = (detail: number) =>
      next.element.dispatchEvent(new MouseEvent('click', { detail, bubbles: true, cancelable: true }))
    expect([isTaken(2), isTaken(1)]).toEqual([false, true])
    shown.leave()
  })

  it('holds variables to their rules, then asks for the server', async () => {
    const shown = await begin()
    await toStartup(shown)
    expect(headingOf(shown)).toBe('How does it start?')
    expect(shown.text()).toContain('Hidden from players')

    await press(shown, 'Create server')
    expect(asked).toEqual([])
    expect(shown.text()).toContain('Fill this in.')

    await shown.get('input[name="environment.TOKEN"]').setValue('secret')
    await press(shown, 'Create server')
    expect(asked).toMatchObject([
      {
        name: 'Survival',
        user: 7,
        egg: 3,
        docker_image: 'java:21',
        startup: 'java -jar server.jar',
        environment: { TOKEN: 'secret' },
        deploy: { locations: [], dedicated_ip: false, port_range: [] },
      },
    ])
    shown.leave()
  })

  it('shows a refusal in the step that can mend it', async () => {
    isRefused = true
    const shown = await begin()
    await toStartup(shown)
    await shown.get('input[name="environment.TOKEN"]').setValue('secret')
    await press(shown, 'Create server')

    expect(headingOf(shown)).toBe('What may it use?')
    expect(shown.text()).toContain('No node has room for this.')
    shown.leave()
  })
})
