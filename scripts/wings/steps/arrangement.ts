import { strict as assert } from 'node:assert'
import { z } from 'zod'
import { assertImage, createNetwork, engineVersion, nameImage } from '../docker.ts'
import { trialEgg } from '../egg.ts'
import { startPanel } from '../panel.ts'
import { freePort } from '../program.ts'
import { makeNode } from '../node.ts'
import { defineStep as step, type Step } from '../report.ts'
import { signIn } from '../session.ts'
import { numbered, type Found } from '../trial.ts'

const allocationList = z.object({
  data: z.array(z.object({ attributes: z.object({ id: z.int(), port: z.int(), assigned: z.boolean() }) })),
})

/** Neither on this machine nor anywhere else; asking for it fails at once. */
const NO_IMAGE = '127.0.0.1:9/xyra-trial-nothing:1'

/** A panel, its administrator, and all that a server needs. */
export const arrangementSteps: Step<Found>[] = [
  step('Docker answers and has both images', ['options'], async ({ options }, note) => {
    note(`engine ${await engineVersion()}`)
    await Promise.all([options.gameImage, options.installerImage].map(assertImage))
    const name = `xyra-trial-other-${process.pid}:1`
    const otherImage = { name: `~${name}`, ...(await nameImage(options.gameImage, name)) }
    return { otherImage, network: await createNetwork(`xyra-trial-${process.pid}`) }
  }),

  step('a panel of its own starts', ['folder', 'network'], async ({ folder }, note) => {
    const panel = await startPanel(folder)
    note(panel.origin)
    return { panel }
  }),

  step('the command line makes the first administrator', ['panel'], async ({ panel }) => ({
    administrator: await panel.createAdministrator(),
  })),

  step('the administrator signs in', ['panel', 'administrator'], async ({ panel, administrator }) => ({
    session: await signIn(panel.origin, administrator),
  })),

  step('location and node', ['session'], async ({ session }) => {
    const location = numbered.parse(await session.call('POST /api/application/locations', { short: 'trial' }))
    const locationId = location.attributes.id
    return { locationId, ...(await makeNode(session, { name: 'Trial', locationId })) }
  }),

  step('allocations', ['session', 'nodeId', 'options'], async ({ session, nodeId, options }) => {
    const path = `/api/application/nodes/${nodeId}/allocations`
    // Only the first one is ever opened.
    const ports = [String(await freePort()), ...(options.servers > 1 ? [`20001-${19_999 + options.servers}`] : [])]
    await session.call(`POST ${path}`, { ip: '127.0.0.1', ports })
    const { data } = allocationList.parse(await session.call(`GET ${path}?per_page=1000`))
    assert.equal(data.length, options.servers)
    const allocations = data.map(({ attributes }) => ({ id: attributes.id, port: attributes.port }))
    return {
      allocations: allocations.toSorted(
        (a, b) => Number(b.port === Number(ports[0])) - Number(a.port === Number(ports[0])),
      ),
    }
  }),

  step('an egg is imported', ['session', 'options', 'otherImage'], async ({ session, options, otherImage }) => {
    const images = { ...options, otherImage: otherImage.name }
    const nest = numbered.parse(await session.call('POST /api/application/nests', { name: 'Trial' }))
    const egg = await session.call(`POST /api/application/eggs/import?nest=${nest.attributes.id}`, trialEgg(images))
    const broken = await session.call(`POST /api/application/eggs/import?nest=${nest.attributes.id}`, {
      ...trialEgg({ ...images, installerImage: NO_IMAGE }),
      name: 'Broken trial',
    })
    return { eggId: numbered.parse(egg).attributes.id, brokenEggId: numbered.parse(broken).attributes.id }
  }),
]
