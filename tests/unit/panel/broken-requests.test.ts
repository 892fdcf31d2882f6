import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { refuseBroken } from '#server/http/broken-requests'

const server = createServer((_, response) => void response.end('served'))
server.on('clientError', (error, socket) => refuseBroken(error, socket as Socket))
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => server.close())

function send(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    let answer = ''
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part))
    socket.on('end', () => resolve(answer)).on('error', reject)
    socket.write(text)
  })
}

it.each([
  ['a head that is too long', `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'x'.repeat(17_000)}`, 431, 'HttpException'],
  ['an address that is too long', `GET /${'x'.repeat(17_000)}`, 431, 'HttpException'],
  ['what is no HTTP', 'hello\r\n\r\n', 400, 'BadRequestHttpException'],
  ['a length that is none', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: x\r\n\r\n', 400, 'BadRequestHttpException'],
])('refuses %s in the format of the API, and ends the connection', async (_, text, status, code) => {
  const [head = '', body = ''] = (await send(text)).split('\r\n\r\n')
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} .+\r\ncontent-type: application/json\r\n`))
  expect(head).toMatch(new RegExp(`\r\ncontent-length: ${Buffer.byteLength(body)}(\r\n|$)`))
  expect(JSON.parse(body)).toMatchObject({ errors: [{ code, status: String(status), detail: expect.any(String) }] })
})

it('lets a request pass', async () => {
  expect(await send('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 200 OK/)
})
