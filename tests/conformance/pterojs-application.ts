import { PteroApp } from '@devnote-dev/pterojs'
import { makeInstalledServer, raiseStage, type Stage } from './stage'

export interface Application {
  stage: Stage
  app: PteroApp
  server: Awaited<ReturnType<typeof makeInstalledServer>>
}

/** The client of the administration, at a panel with one server. */
export async function raiseApplication(): Promise<Application> {
  const stage = await raiseStage()
  return {
    stage,
    app: new PteroApp(stage.wire.url, stage.application),
    server: await makeInstalledServer(stage),
  }
}
