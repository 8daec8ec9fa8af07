import { accessSync, constants, type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type * as v from 'valibot'
import { field, required, struct } from './fields.ts'
import type { Problems } from './problems.ts'
import { notBlank } from './scalars.ts'

export const storeSchema = struct({
  path: required(field(notBlank, '', 'File of the activity store, relative to the working directory.')),
})

/** The file, which exists and can be written, or can be made; null without a store (§7.12). */
export function normaliseStore(
  fields: v.InferOutput<typeof storeSchema> | undefined,
  problems: Problems,
): string | null {
  if (!fields) return null
  const path = fields.path.trim()
  const mistake = path === '' ? 'is missing: write the file to keep activity in' : mistakeOf(path)
  if (mistake !== null) problems.error(['store', 'path'], mistake)
  return path
}

function mistakeOf(path: string): string | null {
  try {
    const file = stat(path)
    if (file?.isDirectory()) return `\`${path}\` is a directory: write the name of a file`
    if (file) return isWritable(path) ? null : `\`${path}\` cannot be written to by this user`
    const folder = dirname(path)
    if (!stat(folder)?.isDirectory()) return `there is no directory \`${folder}\` to make the file in`
    return isWritable(folder) ? null : `nothing can be made in \`${folder}\` by this user`
  } catch (error) {
    return `\`${path}\` cannot be looked at: ${(error as NodeJS.ErrnoException).code}`
  }
}

function stat(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return true
  } catch {
    return false
  }
}
