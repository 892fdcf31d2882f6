declare module 'nodeactyl' {
  type Loose = ReturnType<typeof JSON.parse>
  interface Client {
    [method: string]: (...given: unknown[]) => Promise<Loose>
  }
  type ClientClass = new (host: string, key: string) => Client

  export const NodeactylClient: ClientClass
  export const NodeactylApplication: ClientClass
  export const ServerBuilder: new () => { [method: string]: (...given: unknown[]) => Loose }
}
