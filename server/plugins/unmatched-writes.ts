import { defineNitroPlugin } from 'nitropack/runtime'
import { refuseWritesToPages } from '#server/http/unmatched'

export default defineNitroPlugin(({ router }) => refuseWritesToPages(router))
