import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('../../server/demo/model.ts', import.meta.url))

/** The command of one of the demo's models, which speaks the OpenAI and Anthropic protocols and takes its time to load. */
export function demoModel(voice: string, loadMs: number): string {
  return `${process.execPath} ${program} --port \${PORT} --model ${voice} --load-ms ${loadMs} --tokens-per-second 500`
}
