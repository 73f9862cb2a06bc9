import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Manifest {
  readonly kind: string;
  readonly metadata: unknown;
  readonly data?: unknown;
}

const kinds = [
  { group: '', path: 'api/v1', name: 'secrets', kind: 'Secret' },
  { group: 'apps', path: 'apis/apps/v1', name: 'deployments', kind: 'Deployment' },
];
const appsV1 = { groupVersion: 'apps/v1', version: 'v1' };

/** What kubectl asks a server before it applies something: which kinds there are, and that the server checks fields itself. */
const known: Record<string, unknown> = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': {
    ...{ kind: 'APIGroupList', apiVersion: 'v1' },
    groups: [{ name: 'apps', versions: [appsV1], preferredVersion: appsV1 }],
  },
  '/openapi/v3': {
    paths: Object.fromEntries(kinds.map(({ path }) => [path, { serverRelativeURL: `/openapi/v3/${path}` }])),
  },
  ...Object.fromEntries(
    kinds.flatMap(({ group, path, name, kind }) => {
      const resource = {
        name,
        singularName: kind.toLowerCase(),
        namespaced: true,
        kind,
        verbs: ['get', 'patch', 'create'],
      };
      const patch = {
        parameters: [{ name: 'fieldValidation', in: 'query', schema: { type: 'string' } }],
        responses: {},
        'x-kubernetes-group-version-kind': { group, kind, version: 'v1' },
      };
      return [
        [`/${path}`, { kind: 'APIResourceList', groupVersion: path.replace(/^apis?\//, ''), resources: [resource] }],
        [
          `/openapi/v3/${path}`,
          {
            ...{ openapi: '3.0.0', info: { title: 'x', version: '1' } },
            paths: { [`/${path}/namespaces/{namespace}/${name}/{name}`]: { patch } },
          },
        ],
      ];
    }),
  ),
};

/** As much of a Kubernetes API server as `kubectl apply` needs: it takes what it is given, and keeps it. */
export class Cluster {
  readonly applied: Manifest[] = [];
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<Cluster> {
    const cluster = new Cluster();
    await new Promise<void>((resolve) => cluster.#server.listen(0, '127.0.0.1', resolve));
    return cluster;
  }

  /** A kubeconfig for it. */
  get config(): unknown {
    const { port } = this.#server.address() as AddressInfo;
    return {
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'c' },
      clusters: [{ name: 'c', cluster: { server: `http://127.0.0.1:${port}` } }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      users: [{ name: 'u', user: {} }],
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece);
    const say = (code: number, body: unknown) =>
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.method === 'PATCH' || request.method === 'POST') {
      const text = Buffer.concat(pieces).toString();
      // `kubectl create` writes Protocol Buffers, in which texts stand as they are; nothing of it is needed in the answer.
      const isJson = text.startsWith('{');
      this.applied.push(isJson ? JSON.parse(text) : { kind: 'Secret', metadata: { name: 'age-key' }, data: text });
      return void say(request.method === 'POST' ? 201 : 200, { apiVersion: 'v1', ...this.applied.at(-1), data: {} });
    }
    const found = known[request.url?.split('?')[0] ?? ''];
    say(found ? 200 : 404, found ?? { kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404 });
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
