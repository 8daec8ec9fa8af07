import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('model.ts', import.meta.url))

/** Starts `model.ts` with these flags. */
export function startCommand(flags: string): string {
  return `${process.execPath} ${program} --port \${PORT} ${flags}`
}

/** A configuration of models by name that take turns in one seat, or stand beside each other. */
export function modelsThat(
  share: 'take turns' | 'stand together',
  models: Record<string, { readonly cmd: string }>,
  startPort: number,
): string {
  const entries = Object.entries(models).map(([name, fields]) => [name, { unloadTimeout: 30, ...fields }])
  const group = { swap: share === 'take turns', exclusive: false, members: Object.keys(models) }
  return `startPort: ${startPort}\nmodels: ${JSON.stringify(Object.fromEntries(entries))}\ngroups: ${JSON.stringify({ all: group })}\n`
}
