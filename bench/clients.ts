import { Agent, fetch } from 'undici'

/* A process of clients for `recording.ts`: told how many requests to send where, it sends them and says so. */

interface Order {
  readonly url: string
  readonly requests: number
}

const clients = 16
const dispatcher = new Agent({ connections: clients })
const init = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ model: 'a', messages: [{ role: 'user', content: 'x'.repeat(1_000) }] }),
  dispatcher,
}

process.on('message', async ({ url, requests }: Order) => {
  let left = requests
  const client = async () => {
    while (left-- > 0) {
      const response = await fetch(url, init)
      if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
      await response.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  process.send?.('done')
})
