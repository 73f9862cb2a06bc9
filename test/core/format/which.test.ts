import assert from 'node:assert/strict';
import { formatOfName, getFormat, recognise } from '../../../src/core/format/which.ts';

describe('which format', () => {
  it('goes by the end of the name, case-sensitive', () => {
    const names = {
      'a.yaml': 'yaml',
      'b/c.yml': 'yaml',
      'C:\\d\\e.json': 'json',
      '.env': 'dotenv',
      'x/prod.env': 'dotenv',
      '.env.local': 'dotenv',
    };
    for (const [name, format] of Object.entries(names)) assert.deepEqual(formatOfName(name), { format }, name);
    assert.deepEqual(formatOfName('a.ini'), { unsupported: 'ini' });
    for (const name of ['a.JSON', 'a.txt', 'env', 'a.env.bak', '.environment', 'yaml', '.env/readme', '']) {
      assert.deepEqual(formatOfName(name), { unsupported: 'binary' }, name);
    }
  });

  it('knows the envelope of the binary store behind a dotenv name', () => {
    const envelope = '{\n\t"data": "ENC[x]",\n\t"sops": {"version": "3.13.3"}\n}\n';
    assert.deepEqual(recognise('.env.local', envelope), { unsupported: 'binary' });
    assert.deepEqual(recognise('.env', 'A={\n'), { format: 'dotenv' });
    assert.deepEqual(recognise('.env', '{"data": "x"}'), { format: 'dotenv' });
    assert.deepEqual(recognise('.env', '{"data": "x", "more": 1, "sops": {}}'), { format: 'dotenv' });
    assert.deepEqual(recognise('a.json', envelope), { format: 'json' });
  });

  it('gives the implementation', () => {
    for (const id of ['yaml', 'json', 'dotenv'] as const) assert.equal(getFormat(id).id, id);
  });
});
