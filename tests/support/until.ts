/** Waits until the predicate holds. @throws after the deadline, naming what was waited for */
export async function until(
  label: string,
  holds: () => boolean | Promise<boolean>,
  deadlineMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + deadlineMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${deadlineMs} ms in vain: ${label}`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** From one look to the next: so long must a number stand still. */
const lookMs = 100

/** Waits until what grows is held back: until a number above zero is the same at two looks. @returns that number */
export async function untilHeldBack(label: string, look: () => number | Promise<number>): Promise<number> {
  let before = 0
  let seen = 0
  await until(label, async () => {
    if (seen > 0) await new Promise((resolve) => setTimeout(resolve, lookMs))
    before = seen
    seen = await look()
    return seen > 0 && seen === before
  })
  return seen
}
