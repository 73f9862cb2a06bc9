import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { findAsked } from '../../../src/extension/debug/asked.ts';
import { makeStage, type Stage } from '../session/session.ts';

const key = Buffer.from('0123456789abcdef').toString('base64');

describe('what a debug session gets of an environment', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await makeStage();
    const yaml = `db:\n  password: canary-a\nencryption_keys:\n  orders: ${key}\n`;
    stage.write('secrets.production.yaml', await stage.sealed(yaml, 'yaml'));
  });
  afterEach(() => stage.end());

  const given = async (references: Record<string, string>) => {
    const asked = await findAsked(stage.services, vscode.Uri.file(stage.folder), {
      environment: 'production',
      references,
    });
    const values = (await asked?.open()) ?? [];
    return { flags: asked?.flags.join(' ') ?? '', values: values.map(({ variable, value }) => [variable, value]) };
  };

  it('is every secret, and no encryption key', async () => {
    assert.deepEqual((await given({})).values, [['DB_PASSWORD', 'canary-a']]);
  });

  it('is also a key that is asked for by its name', async () => {
    const { values, flags } = await given({ ORDERS: 'lockstep:production#encryption_keys.orders' });
    assert.deepEqual(values, [
      ['DB_PASSWORD', 'canary-a'],
      ['ORDERS', key],
    ]);
    assert.match(flags, /--secret DB_PASSWORD=db\.password --secret ORDERS=encryption_keys\.orders$/);
  });
});
