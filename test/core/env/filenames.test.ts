import assert from 'node:assert/strict';
import { environmentOf } from '../../../src/core/env/filenames.ts';

describe('the environment of a file, by its name', () => {
  const names: Record<string, string | undefined> = {
    '.env': '',
    'a/b/.env': '',
    '.env.production': 'production',
    '.env.ci.staging': 'ci.staging',
    'prod.env': 'prod',
    'secrets.env': '',
    '.env.production.enc': 'production',
    '.env.sops': '',
    'secrets.yaml': '',
    'secret.json': '',
    'secrets.staging.yaml': 'staging',
    'secrets-eu-west.yml': 'eu-west',
    'secrets.staging.enc.yaml': 'staging',
    'staging.secrets.json': 'staging',
    'config.production.json': 'production',
    'values.yaml.enc': undefined,
    'values-prod.yaml': 'prod',
    'production.yaml': 'production',
    'Dev.ini': 'Dev',
    'database.yaml': undefined,
    'package.json': undefined,
    'key.pem': undefined,
    '.env.example': undefined,
    '.env.keys': undefined,
    'web/.env.keys': undefined,
    'secrets.example.yaml': undefined,
    environment: undefined,
  };
  for (const [name, environment] of Object.entries(names))
    it(`${name}: ${environment ?? 'none'}`, () => assert.equal(environmentOf(name), environment));
});
