import { Gunzip } from 'fflate'

/** The trace that the server's flight recorder holds. */
export async function fetchFlight(): Promise<string> {
  const response = await fetch('/api/trace')
  if (!response.ok) throw new Error(`/api/trace answers ${response.status}: ${(await response.text()).slice(0, 300)}`)
  return response.text()
}

/** The text of a trace file, compressed or not. It stays in this browser. */
export async function readFile(file: File): Promise<string> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  const isGzip = first === 0x1f && second === 0x8b
  return isGzip ? decompress(file) : file.text()
}

/**
 * What was cut off is missing. Not by the browser's `DecompressionStream`: it ends at the first of the many pieces that a
 * recording consists of.
 */
async function decompress(file: File): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  const gunzip = new Gunzip((bytes) => {
    text += decoder.decode(bytes, { stream: true })
  })
  const reader = file.stream().getReader()
  for (let next = await reader.read(); !next.done; next = await reader.read()) gunzip.push(next.value)
  return text
}
