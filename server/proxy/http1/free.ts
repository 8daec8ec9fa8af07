/** What is smaller costs the collector less than its freeing would. */
const worthwhileBytes = 16 * 1024

/**
 * Gives the memory of bytes back that nobody will look at again, if they have a buffer of their own. Left to the collector, it
 * would be found when 64 MB of it have gathered, by a look through the whole heap: that was half of what a large body cost.
 * Whoever calls has seen that the bytes were written, since the system reads them where they are.
 */
export function free(bytes: Buffer): void {
  const { buffer, length } = bytes
  if (length < worthwhileBytes || length !== buffer.byteLength || !(buffer instanceof ArrayBuffer)) return
  buffer.transfer(0)
}
