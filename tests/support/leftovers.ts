import { readdirSync, readFileSync } from 'node:fs'

/** The command lines of living processes whose environment holds this text. Linux only. */
export function leftovers(mark: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const isZombie = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.startsWith('Z')
        const isMarked = readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)
        return isMarked && !isZombie ? [readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')] : []
      } catch {
        return []
      }
    })
}
