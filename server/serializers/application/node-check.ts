import type { NodeLastCheck } from '#server/services/nodes/check-node'
import type { NodeSystem } from '#server/services/nodes/read-system'
import type { nodeCheck, nodeSystem } from '#shared/contracts/application/nodes'
import type { Wire } from '#shared/contracts/envelope'
import { stampOf } from '../envelope'

export function serializeNodeCheck({ checkedAt, steps, browser }: NodeLastCheck): Wire<typeof nodeCheck> {
  return {
    checked_at: stampOf(checkedAt),
    steps,
    browser: browser && { reported_at: stampOf(browser.reportedAt), steps: browser.steps },
  }
}

export function serializeNodeSystem(system: NodeSystem): Wire<typeof nodeSystem> {
  return {
    version: system.version,
    architecture: system.architecture,
    kernel_version: system.kernelVersion,
    os: system.os,
    cpu_threads: system.cpuThreads,
    memory_bytes: system.memoryBytes,
    docker_version: system.dockerVersion,
    seen_at: system.seenAt && stampOf(system.seenAt),
  }
}
