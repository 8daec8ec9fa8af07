import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import type { Exit } from '../machines/child.ts'

/** A program that runs, or the errno for which it does not. */
export type Launch =
  | {
      readonly type: 'running'
      readonly pid: number
      readonly program: ChildProcessByStdio<null, Readable, Readable>
      /** When it has ended; its pipes may be held by others. */
      readonly exited: Promise<Exit>
      /** When its pipes have ended as well. */
      readonly closed: Promise<void>
    }
  | { readonly type: 'unspawned'; readonly code: string }

/** Starts a program whose output is to be read at once: what nobody takes would stop it. Never rejects. */
export async function launch(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  limits: { readonly detached: boolean; readonly timeout?: number },
): Promise<Launch> {
  const [file = '', ...args] = argv
  const exited = Promise.withResolvers<Exit>()
  const closed = Promise.withResolvers<void>()
  const failed = Promise.withResolvers<NodeJS.ErrnoException>()
  try {
    const program = spawn(file, args, { ...limits, env, killSignal: 'SIGKILL', stdio: ['ignore', 'pipe', 'pipe'] })
    program.on('error', (error) => failed.resolve(error))
    program.once('exit', (code, signal) => exited.resolve(exitOf(code, signal)))
    program.once('close', () => closed.resolve())
    const { pid } = program
    if (pid !== undefined) return { type: 'running', pid, program, exited: exited.promise, closed: closed.promise }
  } catch (error) {
    // Some errors of the system come as an exception, such as E2BIG.
    failed.resolve(error as NodeJS.ErrnoException)
  }
  const { code, message } = await failed.promise
  return { type: 'unspawned', code: code ?? message }
}

function exitOf(code: number | null, signal: NodeJS.Signals | null): Exit {
  return code === null ? { type: 'killed', signal: signal ?? 'SIGKILL' } : { type: 'exited', code }
}
