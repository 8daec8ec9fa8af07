const perWorker = 1_000
const perTest = 10
let tests = 0

/** Ten ports that no other test of this run uses. */
export function freshPorts(): number {
  const worker = Number(process.env.VITEST_POOL_ID ?? 0)
  return 20_000 + (worker % 20) * perWorker + ((tests++ * perTest) % perWorker)
}
