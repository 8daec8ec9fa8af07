/** What the demo models have read. */
export const voices: ReadonlyMap<string, string> = new Map([
  [
    'poet',
    `The moon is a lamp that nobody trims, and the river is a road that nobody walks. I asked the wind for a name and the
    wind gave me a door. Behind the door the morning was folding the dark into a small bright square. The river is a lamp,
    the door is a road, and the morning is a name that the dark forgets. I walk slowly through the small bright hours, and
    the moon folds its road behind me. Nobody trims the wind, nobody walks the morning, and the name of the dark is a door.`,
  ],
  [
    'pirate',
    `Arr, the wind be fair and the rum be low, so hoist the sails and mind the reef. The captain says the gold be buried
    under the old crooked palm, but the captain says many things when the rum be near. Mind the sails, says I, and the reef
    will mind itself. Arr, the sea be wide and the gold be heavy, and a heavy ship be a slow ship when the wind be low. So
    hoist the rum, says the captain, and mind the gold, for the old reef be hungry and the crooked palm be far.`,
  ],
  [
    'clerk',
    `Thank you for your request. Your request was received, filed and stamped. Please note that the form you mention must be
    attached to the form you filed. The office is open when the office is not closed. Please allow the stamp to dry. Your
    form was received and your stamp is dry. Thank you for the form, please note the office, and allow the request to be
    filed. The request you mention is attached to the stamp you received.`,
  ],
])

/** A random walk over the word pairs of a text: each next word is one that followed the last in it. Never ends. */
export function* babble(text: string, seed: number): Generator<string> {
  const words = text.split(/\s+/)
  const followers = new Map<string, string[]>()
  words.forEach((word, index) => {
    const next = words[(index + 1) % words.length]!
    followers.set(word, [...(followers.get(word) ?? []), next])
  })
  let state = seed
  let word = words[0]!
  for (;;) {
    yield word
    const next = followers.get(word)!
    // A linear congruential generator (Numerical Recipes): the same prompt gets the same answer.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    word = next[Math.floor((state / 2 ** 32) * next.length)]!
  }
}
