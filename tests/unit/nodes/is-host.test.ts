import { expect, it } from 'vitest'
import { isHost } from '#shared/utils/is-host'

it('takes a name or an address, and nothing that a URL would read otherwise', () => {
  const hosts = [
    'fra-1',
    'Fra-1.example.com',
    'müller.example',
    '198.51.100.7',
    '2001:db8::1',
    '[2001:db8::1]',
    'a_b.local',
  ]
  expect(hosts.filter((host) => !isHost(host))).toEqual([])

  const others = [
    '',
    'not a host',
    'https://a.example',
    'a.example:8080',
    'a.example/x',
    'me@a.example',
    'a?b',
    'a#b',
    'a%2fb',
  ]
  const worse = ['a\\b', 'a.example\n', '\tb', '1.2.3.4.5', '999.1.1.1', '[::1', '::1]', ':', '"; rm', '$(id)', '<b>']
  expect([...others, ...worse].filter(isHost)).toEqual([])
})
