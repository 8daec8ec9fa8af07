import { expect, test } from 'vitest'
import { isSecretName, maskSecrets } from '../../config/secrets.ts'

test.each([
  'HF_TOKEN',
  'OPENAI_API_KEY',
  'apiKey',
  'apiKeys',
  'key',
  'DB_PASSWORD',
  'AWS_SECRET_ACCESS_KEY',
  '--api-key',
  '--hf-token',
  'API_KEY_2',
  'SECRET_NAME',
  'Authorization',
])('%s is the name of a secret', (name) => {
  expect(isSecretName(name)).toBe(true)
})

test.each([
  'keepAliveMs',
  'TOKENIZERS_PARALLELISM',
  'max_tokens',
  'CUDA_VISIBLE_DEVICES',
  '--api-key-file',
  '--pass-through',
  '--token-limit',
  'SECRET_FILE',
  'monkey',
  'PATH',
])('%s is not', (name) => {
  expect(isSecretName(name)).toBe(false)
})

test.each([
  [{ apiKeys: ['a', 'b'] }, { apiKeys: ['***', '***'] }],
  [{ apiKeys: [{ key: 'sk', name: 'me' }] }, { apiKeys: [{ key: '***', name: 'me' }] }],
  [{ apiKey: '' }, { apiKey: '' }],
  [
    { apiKey: null, n: 5, b: true },
    { apiKey: null, n: 5, b: true },
  ],
  [{ env: ['A=1', 'HF_TOKEN=x=y', 'KEY=', 'HF_TOKEN'] }, { env: ['A=1', 'HF_TOKEN=***', 'KEY=', 'HF_TOKEN'] }],
  [{ cmd: 'serve --api-key "s t" -k 1' }, { cmd: 'serve --api-key *** -k 1' }],
  [{ cmd: "serve --api-key=abc --n 'x'" }, { cmd: "serve --api-key=*** --n 'x'" }],
  [{ argv: ['serve', '--api-key', 'abc', '--keys', '-x'] }, { argv: ['serve', '--api-key', '***', '--keys', '***'] }],
  [{ argv: ['--api-key=abc', '--port', '1'] }, { argv: ['--api-key=***', '--port', '1'] }],
  [{ proxy: 'http://me:pass@h:1/x' }, { proxy: 'http://me:***@h:1/x' }],
  [
    { apiKey: 'sk-long-secret', note: 'is sk-long-secret!' },
    { apiKey: '***', note: 'is ***!' },
  ],
  [
    { apiKey: 'abc', note: 'abc' },
    { apiKey: '***', note: 'abc' },
  ],
  [
    { apiKeys: ['secret-1', 'secret-12'], l: ['secret-12', 'secret-1'] },
    { apiKeys: ['***', '***'], l: ['***', '***'] },
  ],
  [{ set: [{ path: ['auth', 'token'], json: '"t-123456"' }] }, { set: [{ path: ['auth', 'token'], json: '***' }] }],
  [{ set: [{ path: ['max_tokens'], json: '5' }] }, { set: [{ path: ['max_tokens'], json: '5' }] }],
  [new Map([['my-key', 'model']]), new Map([['my-key', 'model']])],
  [new Map([['m', { apiKey: 'x' }]]), new Map([['m', { apiKey: '***' }]])],
  [{ pattern: /a/ }, { pattern: 'a' }],
])('%j becomes %j', (value, masked) => {
  expect(maskSecrets(value)).toEqual(masked)
})

test('the values of secret variables are masked wherever they came to stand', () => {
  const environment = { HF_TOKEN: 'hf_123456', API_KEY: 'abc', HOME: '/home/me', PASSWORD: undefined }
  expect(maskSecrets({ cmd: 'x hf_123456 abc /home/me' }, environment)).toEqual({ cmd: 'x *** abc /home/me' })
})

test('masking takes time in proportion to the text', () => {
  const hostile = ['-a'.repeat(200_000), `--api-key ${'-'.repeat(200_000)}`, '://a:'.repeat(100_000)]
  expect(maskSecrets(hostile)).toHaveLength(3)
})
