import type { Model, ModelId } from '../config/config.ts'
import type { Exit } from '../machines/child.ts'
import type { Failure, Refusal } from '../machines/policy/failure.ts'
import { ApiError, shuttingDown, unknownModel } from './errors.ts'

/** What a message may draw on. */
export interface Diagnosis {
  readonly models: ReadonlyMap<ModelId, Model>
  /** The last lines of output of the model's current or last life. */
  tail(model: ModelId): readonly string[]
}

/** The one place where a refusal of the scheduler becomes a status and a message. */
export function explain(model: ModelId, refusal: Refusal, diagnosis: Diagnosis): ApiError {
  switch (refusal.reason) {
    case 'unknown model':
      return unknownModel(model, [...diagnosis.models.keys()])
    case 'concurrency limit':
      return new ApiError(
        'concurrency_limit',
        `Model "${model}" already has ${refusal.limit} requests, which is its concurrencyLimit. Try again shortly, or raise models.${model}.concurrencyLimit.`,
        { retryAfterSeconds: 1 },
      )
    case 'model failed':
      return modelFailed(model, refusal, diagnosis)
    case 'stop failed':
      return new ApiError(
        'stop_failed',
        `Model "${model}" needs the place of "${refusal.victim}", whose process does not end even after SIGKILL. Look at that process; hotseat tries again with the next request.`,
        { retryAfterSeconds: 10 },
      )
    case 'unloaded':
      return new ApiError(
        'unloaded',
        `Model "${model}" was unloaded while this request waited for it. Send it again to load the model.`,
      )
    case 'removed':
      return new ApiError(
        'removed',
        `Model "${model}" was taken out of the configuration while this request waited for it. GET /v1/models lists those that are left.`,
      )
    case 'shutting down':
      return shuttingDown()
  }
}

function modelFailed(
  model: ModelId,
  { failure, retryAfterMs }: Extract<Refusal, { reason: 'model failed' }>,
  diagnosis: Diagnosis,
): ApiError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000))
  const lines = diagnosis.tail(model)
  const output = lines.length > 0 ? ` Its last output:\n${lines.join('\n')}` : ' It printed nothing.'
  const reason = describeFailure(failure, diagnosis.models.get(model))
  return new ApiError(
    'model_failed',
    `Model "${model}" did not start: ${reason}. It is tried again in ${seconds} s.${output}`,
    {
      retryAfterSeconds: seconds,
    },
  )
}

/** Why a load did not end in a ready process, in words. */
export function describeFailure(failure: Failure, model: Model | undefined): string {
  switch (failure.type) {
    case 'unready':
      return `${model?.proxy ?? ''}${model?.checkEndpoint ?? ''} did not answer 200 within ${failure.afterMs / 1000} s (healthCheckTimeout)`
    case 'exit':
      return describeExit(failure.exit, model)
  }
}

/** Why a model is stopped by a signal though it has a `cmdStop`, in a sentence. */
export function describeUnstopped({ id, stopArgv }: Model, exit: Exit): string {
  return `cmdStop of ${id} did not stop it, so a signal does: ${describeEnd(exit, 'it', stopArgv?.[0] ?? '', 'cmdStop')}`
}

/** The end of a process in words, for messages and logs. */
export function describeExit(exit: Exit, model: Model | undefined): string {
  return describeEnd(exit, 'its process', model?.argv[0] ?? 'its command', 'cmd')
}

/** @param key where the program is written */
function describeEnd(exit: Exit, subject: string, program: string, key: string): string {
  switch (exit.type) {
    case 'exited':
      return `${subject} exited with code ${exit.code}`
    case 'killed':
      return `${subject} was ended by ${exit.signal}`
    case 'unspawned':
      if (exit.code === 'ENOENT') return `"${program}" was not found: check the path in ${key} (ENOENT)`
      if (exit.code === 'EACCES') return `"${program}" may not be executed: check its permissions (EACCES)`
      return `"${program}" could not be started (${exit.code})`
    case 'port taken':
      return `port ${exit.port}, which was given out for it, is taken by another program: end that program or change startPort`
  }
}
