import { done, type Row } from './row'

/** Of a server: its files. */
export const FILES: Row[] = [
  // 2.6
  {
    endpoint: 'POST /api/client/servers/:server/files/create-folder',
    as: 'owner',
    status: done,
    body: () => ({ root: '/', name: 'maps' }),
  },
  {
    endpoint: 'POST /api/client/servers/:server/files/write',
    as: 'owner',
    query: 'file=/a.txt',
    status: done,
    body: () => 'hello',
  },
  {
    endpoint: 'GET /api/client/servers/:server/files/list',
    as: 'owner',
    query: 'directory=/',
    answers: 'list of file_object',
  },
  { endpoint: 'GET /api/client/servers/:server/files/contents', as: 'owner', query: 'file=/a.txt', answers: 'hello' },
  {
    endpoint: 'GET /api/client/servers/:server/files/download',
    as: 'owner',
    query: 'file=/a.txt',
    answers: 'signed_url',
  },
  { endpoint: 'GET /api/client/servers/:server/files/upload', as: 'owner', answers: 'signed_url' },
  {
    endpoint: 'POST /api/client/servers/:server/files/copy',
    as: 'owner',
    status: done,
    body: () => ({ location: '/a.txt' }),
  },
  {
    endpoint: 'PUT /api/client/servers/:server/files/rename',
    as: 'owner',
    status: done,
    body: () => ({ root: '/', files: [{ from: 'a.txt', to: 'b.txt' }] }),
  },
  {
    endpoint: 'POST /api/client/servers/:server/files/chmod',
    as: 'owner',
    status: done,
    body: () => ({ root: '/', files: [{ file: 'b.txt', mode: '644' }] }),
  },
  {
    endpoint: 'POST /api/client/servers/:server/files/compress',
    as: 'owner',
    body: () => ({ root: '/', files: ['b.txt'] }),
    answers: 'file_object',
    learns: ({ attributes }, known) => void (known.archive = attributes.name),
  },
  {
    endpoint: 'POST /api/client/servers/:server/files/decompress',
    as: 'owner',
    status: done,
    body: ({ archive }) => ({ root: '/', file: archive }),
  },
  {
    endpoint: 'POST /api/client/servers/:server/files/pull',
    as: 'owner',
    status: done,
    body: () => ({ url: 'https://203.0.113.7/map.zip', directory: '/maps' }),
  },
  {
    endpoint: 'POST /api/client/servers/:server/files/delete',
    as: 'owner',
    status: done,
    body: () => ({ root: '/', files: ['b.txt'] }),
  },
]
