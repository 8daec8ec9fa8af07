import type { Model, ModelId } from '../../config/config.ts'
import type { ChildEvent } from '../../machines/child.ts'
import type { Witness } from '../../machines/edge.ts'
import type { ProcessChanged, WorldEvent } from '../../machines/events.ts'
import type { Input, Output } from '../../machines/trace/lines.ts'
import { describeExit, describeFailure } from '../refusal.ts'
import type { Logs } from './logs.ts'

/** Tells the log what is decided and what becomes of it: which model comes, which goes, and why. */
export function narrator(logs: Logs, models: () => ReadonlyMap<ModelId, Model>): Witness {
  const readySince = new Map<ModelId, number>()
  const startedAt = new Map<ModelId, number>()

  function output(command: Output): void {
    switch (command.type) {
      case 'swap.start': {
        const victims = command.clear.map(({ model }) => (model === command.target ? 'its last process' : model))
        const room = victims.length > 0 ? `, once ${victims.join(', ')} made room` : ''
        logs.info(`Swap ${command.swap}: ${command.keep === null ? 'loading' : 'serving'} ${command.target}${room}`)
        return
      }
      case 'swap.abort':
        logs.info(`Swap ${command.swap}: giving up ${command.target}`)
        return
      case 'processes.stop':
        logs.info(`Stopping ${list(command.lives.map(({ model }) => model))}`)
        return
      case 'processes.drop':
        logs.info(`Nothing is left of ${list(command.models)}, which the configuration no longer has`)
        return
      case 'processes.configure':
      case 'idle.wind':
      case 'grant.serve':
      case 'grant.error':
      case 'unload.done':
      case 'shutdown.done':
      case 'child.start':
      case 'child.probe':
      case 'child.stop':
      case 'failed':
    }
  }

  function news(event: WorldEvent): void {
    switch (event.type) {
      case 'process.changed':
        hearProcess(event)
        return
      case 'swap.done':
        if (event.outcome.type === 'failed') {
          const reason = describeFailure(event.outcome.failure, models().get(event.target))
          logs.warn(`Swap ${event.swap}: ${event.target} did not start: ${reason}`)
        } else if (event.outcome.type === 'stuck') {
          logs.error(`Swap ${event.swap}: ${event.outcome.victim} does not end, so ${event.target} has no place`)
        }
        return
      case 'process.idle':
        logs.debug(`The timer of ${event.model} rang`)
    }
  }

  function input(event: Input): void {
    switch (event.type) {
      case 'child.exited':
        hearExit(event)
        return
      case 'unload':
        logs.info(`Asked to unload ${list(event.models)}`)
        return
      case 'shutdown':
        logs.info('Shutting down: no request is admitted any more')
        return
      case 'config.changed':
      case 'request':
      case 'request.cancel':
      case 'serve.done':
      case 'child.spawned':
      case 'child.ready':
      case 'timer':
      case 'process.changed':
      case 'process.idle':
      case 'swap.done':
    }
  }

  function hearProcess({ model, state, at }: ProcessChanged): void {
    readySince.delete(model)
    switch (state) {
      case 'starting':
        startedAt.set(model, at)
        return
      case 'ready':
        readySince.set(model, at)
        logs.info(`${model} is ready after ${seconds(at - (startedAt.get(model) ?? at))}`)
        return
      case 'stuck':
        logs.error(`${model} does not end, even after SIGKILL: its memory counts as taken`)
        return
      case 'stopping':
      case 'stopped':
    }
  }

  /** Heard before the process tells of its new state: what it was is still known. */
  function hearExit({ model, exit, at }: Extract<ChildEvent, { type: 'child.exited' }>): void {
    const since = readySince.get(model)
    if (since === undefined) return
    logs.warn(`${model} ended by itself after ${seconds(at - since)}: ${describeExit(exit, models().get(model))}`)
  }

  return { input, output, news }
}

function list(models: readonly ModelId[]): string {
  return models.join(', ')
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
