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
