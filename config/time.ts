/** The longest that a timer runs on Node, some 24 days: beyond it `setTimeout` rings at once. In whole seconds. */
const longestSeconds = Math.floor((2 ** 31 - 1) / 1000)

/** Seconds as users write them, for timers. What is longer than a timer runs is as long as it runs. */
export function milliseconds(seconds: number): number {
  return Math.min(seconds, longestSeconds) * 1000
}
