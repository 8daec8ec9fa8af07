import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startProgram, untilListening } from '../programs/program.ts'
import { folder, isInstalled, write } from './files.ts'
import type { Peer } from './peer.ts'

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

async function run(name: string, port: number, command: string, args: readonly string[]) {
  const program = startProgram(command, args, 'ignore')
  await untilListening(port, name)
  return program
}

/** The floor: the same language and HTTP server, and nothing to do. */
export const floor: Peer = {
  name: 'floor',
  absence: () => null,
  start: (upstreamPort, port) =>
    run('the floor', port, process.execPath, [here('floor-proxy.ts'), String(upstreamPort), String(port)]),
}

/** The yardstick: a model-routing proxy as one writes it in Go. */
export const go: Peer = {
  name: 'Go',
  absence: () => (isInstalled('go', 'version') ? null : 'there is no `go`'),
  start(upstreamPort, port) {
    const built = join(folder, 'go-proxy')
    execFileSync('go', ['build', '-o', built, here('go/main.go')], { stdio: ['ignore', 'ignore', 'inherit'] })
    const args = ['-upstream', `http://127.0.0.1:${upstreamPort}`, '-listen', `127.0.0.1:${port}`]
    return run('the Go proxy', port, built, args)
  },
}

/** nginx and haproxy route by nothing and read no body: what a proxy costs that is only a proxy, in C. */
export const nginx: Peer = {
  name: 'nginx',
  absence: () => (isInstalled('nginx', '-v') ? null : 'there is no `nginx`'),
  start(upstreamPort, port) {
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    const config = write(
      `nginx-${port}.conf`,
      `daemon off; master_process off; pid ${folder}/nginx-${port}.pid; error_log stderr crit;
events { worker_connections 8192; }
http {
  access_log off; client_max_body_size 0; keepalive_requests 1000000000;
  ${temporary.map((name) => `${name}_temp_path ${folder}/nginx-${name};`).join(' ')}
  upstream model { server 127.0.0.1:${upstreamPort}; keepalive 2000; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / {
      proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_buffering off; proxy_request_buffering off;
    }
  }
}
`,
    )
    return run('nginx', port, 'nginx', ['-e', 'stderr', '-c', config])
  },
}

export const haproxy: Peer = {
  name: 'haproxy',
  absence: () => (isInstalled('haproxy', '-v') ? null : 'there is no `haproxy`'),
  start(upstreamPort, port) {
    const config = write(
      `haproxy-${port}.cfg`,
      `global
  maxconn 8192
  nbthread 1
defaults
  mode http
  timeout client 1h
  timeout server 1h
  timeout connect 10s
  option http-no-delay
frontend clients
  bind 127.0.0.1:${port} backlog 4096
  default_backend model
backend model
  http-reuse always
  server m 127.0.0.1:${upstreamPort} pool-max-conn 2000
`,
    )
    return run('haproxy', port, 'haproxy', ['-db', '-f', config])
  },
}
