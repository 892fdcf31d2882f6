import { expect, it } from 'vitest'
import { request, signedInAs } from '../../support/api'
import { makeServer, makeUser } from '../../support/factories'

it('tells whether the install script is skipped, as the last change of the startup said', async () => {
  const as = await signedInAs(await makeUser({ role: 'admin', rootAdmin: true }))
  const server = await makeServer({ skipScripts: true })
  const read = () => request(`GET /api/application/servers/${server.id}`, { as })
  const container = async () => (await read()).body.attributes.container
  expect(await container()).toMatchObject({ skip_scripts: true })

  const body = {
    startup: './run',
    environment: {},
    egg: Number(server.eggId),
    image: 'example/run:1',
    skip_scripts: false,
  }
  expect((await request(`PATCH /api/application/servers/${server.id}/startup`, { as, body })).status).toBe(200)
  expect(await container()).toMatchObject({ startup_command: './run', image: 'example/run:1', skip_scripts: false })
})

it('keeps labels of the container, and changes them only where they are named', async () => {
  const as = await signedInAs(await makeUser({ role: 'admin', rootAdmin: true }))
  const server = await makeServer()
  const change = (more: object) =>
    request(`PATCH /api/application/servers/${server.id}/startup`, {
      as,
      body: {
        startup: './run',
        environment: {},
        egg: Number(server.eggId),
        image: 'example/run:1',
        skip_scripts: false,
        ...more,
      },
    })
  const labels = { 'com.example/route': 'a', empty: '' }
  expect((await change({ docker_labels: labels })).body.attributes.container.docker_labels).toEqual(labels)
  expect((await change({})).body.attributes.container.docker_labels).toEqual(labels)
  expect((await change({ docker_labels: {} })).body.attributes.container.docker_labels).toEqual({})

  const refused = await change({ docker_labels: { 'a b': 'x' } })
  expect([refused.status, refused.body.errors[0].meta.rule]).toEqual([422, 'label_names'])
})
