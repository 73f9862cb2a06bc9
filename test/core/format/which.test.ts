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
      'a.ini': 'ini',
    };
    for (const [name, format] of Object.entries(names)) assert.equal(formatOfName(name), format, name);
    for (const name of ['a.JSON', 'a.txt', 'env', 'a.env.bak', '.environment', 'yaml', '.env/readme', '']) {
      assert.equal(formatOfName(name), 'binary', name);
    }
  });

  it('knows the envelope of the binary store behind a dotenv name', () => {
    const envelope = '{\n\t"data": "ENC[x]",\n\t"sops": {"version": "3.13.3"}\n}\n';
    assert.deepEqual(recognise('.env.local', envelope), 'binary');
    assert.deepEqual(recognise('.env', 'A={\n'), 'dotenv');
    assert.deepEqual(recognise('.env', '{"data": "x"}'), 'dotenv');
    assert.deepEqual(recognise('.env', '{"data": "x", "more": 1, "sops": {}}'), 'dotenv');
    assert.deepEqual(recognise('a.json', envelope), 'json');
  });

  it('gives the implementation', () => {
    for (const id of ['yaml', 'json', 'dotenv', 'ini', 'binary'] as const) assert.equal(getFormat(id).id, id);
  });
});
