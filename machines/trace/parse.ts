import * as v from 'valibot'
import type { Line } from './frame.ts'
import type { Input, Output } from './lines.ts'
import { frames } from './schema/frames.ts'
import { inputs } from './schema/inputs.ts'
import { outputs } from './schema/outputs.ts'
import { formatVersion, upgrade } from './upgrade.ts'

/** A trace cannot be read, and where. */
export class TraceError extends Error {
  override readonly name = 'TraceError'
  /** From 1. */
  readonly line: number

  constructor(line: number, message: string, { column, cause }: { column?: number | undefined; cause?: unknown } = {}) {
    super(`line ${line}${column === undefined ? '' : `, column ${column}`}: ${message}`, { cause })
    this.line = line
  }

  /** The same, with the name of the file before it. */
  in(path: string): TraceError {
    return Object.assign(this, { message: `${path}, ${this.message}` })
  }
}

const schemas = new Map<unknown, v.GenericSchema<unknown, Line>>(Object.entries({ ...frames, ...inputs, ...outputs }))

/** An object of which nothing is known yet. */
type Raw = Readonly<Record<string, unknown>>

/** Reads the lines of a trace, one after the other: what is written last may depend on the version that its header names. */
export class Parser {
  /** The number of the line that was read last. */
  line = 0
  #version: number | undefined

  /** @throws TraceError */
  parse(text: string): Line {
    this.line++
    let value = this.#read(text)
    if (value.type === 'trace') this.#version = this.#versionOf(value)
    else if (this.#version === undefined && value.type !== 'dropped') {
      throw this.error(`a trace begins with a header, {"type":"trace",…}, and this is ${show(value.type)}`)
    }
    if (this.#version !== undefined && this.#version !== formatVersion) value = this.#upgraded(value, this.#version)

    const schema = schemas.get(value.type)
    if (!schema)
      throw this.error(`the type ${show(value.type)} does not occur in version ${formatVersion} of the format`)
    const result = v.safeParse(schema, value)
    if (result.success) return result.output
    const [issue] = result.issues
    throw this.error(`${[value.type, ...(issue.path ?? []).map(({ key }) => key)].join('.')}: ${issue.message}`)
  }

  /** The next line is known already. */
  pass(): void {
    this.line++
  }

  error(message: string, cause?: unknown): TraceError {
    return new TraceError(this.line, message, { cause })
  }

  #read(text: string): Raw {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch (cause) {
      const [, what = '', position] =
        /^SyntaxError: (.*?)(?: in JSON)?(?: at position (\d+).*)?$/.exec(String(cause)) ?? []
      const column = position === undefined ? undefined : Number(position) + 1
      throw new TraceError(this.line, `this is not JSON: ${what}`, { column, cause })
    }
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Raw
    throw this.error(`expected an object with a \`type\`, and this is ${show(value)}`)
  }

  #versionOf(header: Raw): number {
    const { version, hotseat } = header
    if (typeof version === 'number' && Number.isInteger(version) && version > 0 && version <= formatVersion)
      return version
    const known = formatVersion === 1 ? 'version 1' : `versions 1 to ${formatVersion}`
    throw this.error(
      `the trace is in version ${show(version)} of the format, written by hotseat ${show(hotseat)}; this hotseat reads ${known}. Replay it with the one that wrote it, or a later one`,
    )
  }

  #upgraded(line: Raw, version: number): Raw {
    try {
      return {
        ...upgrade(line, version),
        ...(line.type === 'trace' && { version: formatVersion }),
      }
    } catch (cause) {
      throw this.error(`cannot be read as version ${version} of the format`, cause)
    }
  }
}

/** An output as JSON, its keys in the order of the schema. */
export function canonical(output: Output): string {
  return JSON.stringify(v.parse(outputs[output.type] as v.GenericSchema, output))
}

export function isInput(line: Line): line is Input {
  return Object.hasOwn(inputs, line.type)
}

export function isOutput(line: Line): line is Output {
  return Object.hasOwn(outputs, line.type)
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
