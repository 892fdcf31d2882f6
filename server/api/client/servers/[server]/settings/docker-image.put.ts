import { onServer } from '#server/http/access'
import { defineRoute } from '#server/http/define-route'
import { chooseImage } from '#server/services/servers/choose-image'
import { servers } from '#shared/contracts/client/servers'

export default defineRoute(servers.dockerImage, {
  access: onServer('startup.docker-image'),
  handle: ({ actor, server, node, body }) => chooseImage({ actor, server, node, image: body.docker_image }),
})
