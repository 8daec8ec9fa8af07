const links = [
  ['/v1/models', 'the models'],
  ['/running', 'what is loaded now'],
  ['/api/queue', 'who waits for what'],
  ['/api/health', 'whether everything moves'],
  ['/logs/stream', 'the log, live'],
  ['/api/openapi.json', 'the interface, as OpenAPI'],
] as const

/** What a browser shows at `/ui/`. */
export const startPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>hotseat</title>
<style>
  body { font: 1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 4rem auto; padding: 0 1rem; color-scheme: light dark }
  code { font-size: 1.1em }
</style>
<h1>hotseat is running</h1>
<p>Point an OpenAI or Anthropic client at this address, or look around:</p>
<ul>
${links.map(([path, what]) => `<li><a href="${path}"><code>${path}</code></a>: ${what}`).join('\n')}
</ul>
</html>
`

/** A seat with a flame on it. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">
<path fill="#d33" d="M8 1c2 2 3 3.5 3 5.500A3 3 0 0 1 5 6.5C5 5 6 4.5 6.5 3.5c.5 1 1 1.2 1.5 1C8.500 3.5 8.500 2 8 1z"/>
<path fill="#777" d="M2 10h12v2h-1.5v3h-2v-3h-5v3h-2v-3H2z"/>
</svg>
`
