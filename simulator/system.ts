import { arch, cpus, freemem, loadavg, release, totalmem } from 'node:os'
import type { Daemon } from './daemon.ts'

const ARCHITECTURES: Record<string, string> = { x64: 'amd64', arm64: 'arm64' }
const architecture = () => ARCHITECTURES[arch()] ?? arch()

export function systemOf(daemon: Daemon) {
  return {
    architecture: architecture(),
    cpu_count: cpus().length,
    kernel_version: release(),
    os: 'linux',
    version: daemon.version,
  }
}

/** `?v=2` */
export function detailedSystemOf(daemon: Daemon) {
  const running = daemon.servers.filter(({ state }) => state !== 'offline').length
  const total = daemon.servers.filter(({ hasContainer }) => hasContainer).length
  return {
    version: daemon.version,
    docker: {
      version: '27.0.1',
      cgroups: { driver: 'systemd', version: '2' },
      containers: { total, running, paused: 0, stopped: total - running },
      storage: { driver: 'overlay2', filesystem: 'extfs' },
      runc: { version: '1.1.13' },
    },
    system: {
      architecture: architecture(),
      cpu_threads: cpus().length,
      memory_bytes: totalmem(),
      kernel_version: release(),
      os: 'Debian GNU/Linux 12 (bookworm)',
      os_type: 'linux',
    },
  }
}

export function systemUtilization() {
  const [one = 0, five = 0, fifteen = 0] = loadavg()
  return {
    memory_total: totalmem(),
    memory_used: totalmem() - freemem(),
    swap_total: 0,
    swap_used: 0,
    disk_total: 100_000_000_000,
    disk_used: 20_000_000_000,
    load_average1: one,
    load_average5: five,
    load_average15: fifteen,
    cpu_percent: Math.min(100, (one / cpus().length) * 100),
    disk_details: [
      {
        device: '/dev/vda1',
        mountpoint: '/',
        total_space: 100_000_000_000,
        used_space: 20_000_000_000,
        tags: ['Root', 'Data'],
      },
    ],
  }
}
