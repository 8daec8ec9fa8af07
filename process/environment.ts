/**
 * Marks every descendant of a child, however far it moves: `RUN.SWAP`, where RUN is one hotseat's own. What left its
 * group is found by it (`stragglers.ts`, `guardian.ts`).
 */
export const markerName = 'HOTSEAT_LIFE'

/** The inherited environment, the model's own entries, of which the last of a name wins, and the marker. */
export function environmentOf(entries: readonly string[], marker: string): NodeJS.ProcessEnv {
  const own = entries.map((entry) => {
    const [name = '', ...value] = entry.split('=')
    return [name, value.join('=')] as const
  })
  return { ...process.env, ...Object.fromEntries(own), [markerName]: marker }
}
