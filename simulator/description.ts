import type { ProcessConfiguration, ServerDescription, ServerSettings } from '../server/contracts/remote.ts'

interface Changes {
  settings?: Partial<ServerSettings>
  process?: Partial<ProcessConfiguration>
}

/** A server as a panel describes it to a node: for nodes that are told of one without a panel. */
export function plainServer(uuid: string, { settings, process }: Changes = {}): ServerDescription {
  return {
    settings: {
      id: 1,
      uuid,
      meta: { name: 'Survival', description: null },
      suspended: false,
      invocation: 'run --memory {{SERVER_MEMORY}}',
      skip_egg_scripts: false,
      environment: { P_SERVER_UUID: uuid },
      allocations: {
        force_outgoing_ip: false,
        default: { ip: '127.0.0.1', port: 25_565 },
        mappings: { '127.0.0.1': [25_565] },
      },
      build: {
        memory_limit: 1_024,
        swap: 0,
        io_weight: 500,
        cpu_limit: 100,
        disk_space: 1_024,
        threads: null,
        oom_disabled: true,
        oom_killer: false,
      },
      mounts: [],
      egg: { id: '5d8a3f60-4f6e-4f0e-9d58-1c6f6c5f0a11', file_denylist: [], features: {} },
      container: { image: 'example/game:1' },
      ...settings,
    },
    process_configuration: {
      startup: { done: ['For help, type'], user_interaction: [], strip_ansi: false },
      stop: { type: 'command', value: 'stop' },
      configs: [],
      ...process,
    },
  }
}
