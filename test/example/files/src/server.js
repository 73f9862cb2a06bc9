import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { secrets, settings } from './config.js';
import { receipt } from './mail.js';
import { chargeRequest, isGenuine } from './payments.js';
import { issueToken, readToken } from './tokens.js';

const orders = new Map();

const routes = {
  'GET /health': () => ({ status: 200, body: { service: settings.name, database: new URL(secrets.databaseUrl).host } }),

  'POST /login': async (request) => {
    const { customer } = await json(request);
    return customer
      ? { status: 200, body: { token: issueToken(customer) } }
      : { status: 400, body: { error: 'customer' } };
  },

  'GET /orders': (request) => {
    const customer = customerOf(request);
    if (!customer) return { status: 401, body: { error: 'token' } };
    return { status: 200, body: [...orders.values()].filter((order) => order.customer === customer) };
  },

  'POST /orders': async (request) => {
    const customer = customerOf(request);
    if (!customer) return { status: 401, body: { error: 'token' } };
    const { items } = await json(request);
    if (!Array.isArray(items) || items.length === 0 || items.length > settings.maxItems) {
      return { status: 400, body: { error: 'items' } };
    }
    const order = { id: randomUUID(), customer, items, total: items.reduce((sum, item) => sum + item.price, 0) };
    orders.set(order.id, order);
    log('info', `order ${order.id}: ${chargeRequest(order).method} ${chargeRequest(order).url}`);
    if (settings.receipts) log('info', `order ${order.id}: receipt "${receipt(order).subject}"`);
    return { status: 201, body: order };
  },

  'POST /webhook': async (request) => {
    const body = await text(request);
    return isGenuine(body, String(request.headers['x-signature'] ?? ''))
      ? { status: 204 }
      : { status: 401, body: { error: 'signature' } };
  },
};

const server = createServer(async (request, response) => {
  const route = routes[`${request.method} ${request.url}`];
  let answer = { status: 404, body: { error: 'path' } };
  try {
    if (route) answer = await route(request);
  } catch {
    answer = { status: 400, body: { error: 'body' } };
  }
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  response.end(answer.body === undefined ? undefined : JSON.stringify(answer.body));
});

server.listen(settings.port, () => {
  log('info', `${settings.name} listens on http://localhost:${server.address().port}`);
  if (settings.invoices && !secrets.serviceAccount) log('warn', 'no service account, invoices are off');
});

function customerOf(request) {
  return readToken((request.headers.authorization ?? '').replace(/^Bearer /, ''));
}

async function text(request) {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

async function json(request) {
  return JSON.parse(await text(request));
}

function log(level, message) {
  const levels = ['debug', 'info', 'warn', 'error'];
  if (levels.indexOf(level) >= levels.indexOf(settings.logLevel)) console.log(`${level} ${message}`);
}
