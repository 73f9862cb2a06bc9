import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadDotenv } from './dotenv.js';
import { parseYaml } from './yaml.js';

const inRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

loadDotenv(inRoot('.env'));

const app = parseYaml(readFileSync(inRoot('config/app.yaml'), 'utf8'));
const production = process.env.NODE_ENV === 'production' ? productionSecrets() : undefined;

export const settings = {
  name: app.service.name,
  currency: app.service.currency,
  maxItems: app.service.max_items,
  receipts: app.features.receipts,
  invoices: app.features.invoices,
  port: Number(process.env.PORT ?? 8080),
  logLevel: process.env.LOG_LEVEL ?? app.log.level,
};

export const secrets = {
  databaseUrl: production ? databaseUrl(production.database) : need('DATABASE_URL'),
  stripeKey: production?.payments.stripe_key ?? need('STRIPE_KEY'),
  webhookSecrets: production?.payments.webhook_secrets ?? [need('STRIPE_WEBHOOK_SECRET')],
  jwtSecret: need('JWT_SECRET'),
  smtpUser: production?.mail.user ?? process.env.SMTP_USER,
  smtpPassword: production?.mail.password ?? process.env.SMTP_PASSWORD,
  partners: production?.partners ?? [],
  serviceAccount: serviceAccount(),
};

function need(name) {
  const value = process.env[name];
  if (!value) {
    throw new Error(`${name} is not set. If .env is encrypted, start with: sops exec-env .env "node src/server.js"`);
  }
  return value;
}

/** `SECRETS_FILE` lets a launcher hand over the decrypted file without leaving it in the repository. */
function productionSecrets() {
  const file = process.env.SECRETS_FILE ?? inRoot('config/secrets.production.yaml');
  const tree = parseYaml(readFileSync(file, 'utf8'));
  if (tree.sops) {
    throw new Error(
      `${file} is encrypted. Start with: sops exec-file config/secrets.production.yaml ` +
        `"NODE_ENV=production SECRETS_FILE={} node src/server.js"`,
    );
  }
  return tree;
}

function databaseUrl({ user, password, host, port, tls }) {
  return `postgres://${user}:${encodeURIComponent(password)}@${host}:${port}/orders${tls ? '?sslmode=require' : ''}`;
}

/** The account that uploads invoices. Without the file, or while it is encrypted, invoices are off. */
function serviceAccount() {
  const file = inRoot('service-account.json');
  if (!existsSync(file)) return undefined;
  const account = JSON.parse(readFileSync(file, 'utf8'));
  return account.sops ? undefined : account;
}
