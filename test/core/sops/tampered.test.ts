import assert from 'node:assert/strict';
import type { FormatId } from '../../../src/core/format/document.ts';
import { bytesOfText } from '../../../src/core/format/encoding.ts';
import { seal, sealBytes } from '../../../src/core/seal/seal.ts';
import { readSealed } from '../../../src/core/sops/sealed.ts';
import { alice, bob, clock, reopen } from '../support.ts';

const options = { recipients: [alice.recipient] };
const sources: Readonly<Record<FormatId, string>> = {
  yaml: '# note\na: x\nl:\n    # item\n    - y\n    - z\n',
  json: '{"a": "x"}\n',
  dotenv: '# note\nA=x\n',
  ini: '[s]\n; note\na = x\n',
  binary: 'any bytes',
};
const formats = Object.keys(sources) as FormatId[];
const sealed = async (format: FormatId): Promise<string> =>
  (await sealBytes(bytesOfText(sources[format]), format, options, clock)).text;

describe('metadata that says a thing twice', () => {
  const refuses = (text: string, format: FormatId, codes = ['BAD_METADATA', 'DUPLICATE_KEY']) =>
    assert.throws(
      () => readSealed(text, format),
      ({ code, place }: { code: string; place: { what?: string } }) =>
        codes.includes(code) && (code !== 'BAD_METADATA' || place.what === 'twice'),
    );

  it('is refused in JSON and in a binary file, at every level', async () => {
    for (const format of ['json', 'binary'] as const) {
      const text = await sealed(format);
      refuses(text.replace('"sops": {', '"sops": { "mac": "",'), format, ['BAD_METADATA']);
      refuses(text.replace('"sops": {', '"sops": { "age": [],'), format, ['BAD_METADATA']);
      refuses(text.replace('"recipient":', `"recipient": "${bob.recipient}", "recipient":`), format, ['BAD_METADATA']);
      refuses(text.replace('"sops": {', '"sops": { "kms": [{ "context": { "a": "1", "a": "2" } }],'), format, [
        'BAD_METADATA',
      ]);
    }
  });

  it('is refused in YAML, in every document', async () => {
    const text = await sealed('yaml');
    refuses(text.replace('    mac: ', '    mac: ""\n    mac: '), 'yaml');
    const { text: two } = await seal('a: 1\n---\nb: 2\n', 'yaml', options, clock);
    const [first = '', second = ''] = two.split('---\nb');
    refuses(`${first}---\nb${second.replace('    mac: ', '    mac: ""\n    mac: ')}`, 'yaml', ['BAD_METADATA']);
  });

  it('is refused in dotenv and INI', async () => {
    const env = await sealed('dotenv');
    refuses(env.replace('sops_mac=', 'sops_mac=\nsops_mac='), 'dotenv', ['BAD_METADATA']);
    refuses(env.replace('sops_age__list_0__map_recipient=', `sops_age__list_00__map_recipient=x\n$&`), 'dotenv', [
      'BAD_METADATA',
    ]);
    const ini = await sealed('ini');
    refuses(ini.replace(/^mac /m, 'mac = x\nmac '), 'ini');
    refuses(`${ini}\n[sops]\nmac = x\n`, 'ini');
  });

  it('is refused in other letters, as Go compares them, where none is exact', async () => {
    const text = await sealed('json');
    refuses(text.replace('"mac":', '"MAC": "", "Mac":'), 'json', ['BAD_METADATA']);
    refuses(text.replace('"lastmodified":', '"la\u017ftmodified": "", "Lastmodified":'), 'json', ['BAD_METADATA']);
    assert.deepEqual((await reopen(text.replace('"lastmodified":', '"LA\u017fTMODIFIED":'), 'json')).verdict, {
      ok: true,
    });
    // The exact name counts for sops as for us.
    assert.deepEqual((await reopen(text.replace('"mac":', '"MAC": "", "mac":'), 'json')).verdict, { ok: true });
  });
});

describe('a ciphertext under another label', () => {
  const verdict = async (text: string, format: FormatId) => {
    const { verdict } = await reopen(text, format);
    return verdict.ok ? 'ok' : verdict.code;
  };

  for (const format of ['yaml', 'dotenv', 'ini'] as const) {
    it(`${format}: a comment that says it is a value`, async () => {
      const text = await sealed(format);
      assert.equal(await verdict(text, format), 'ok');
      assert.equal(await verdict(text.replace('type:comment]', 'type:str]'), format), 'VALUE_DAMAGED');
    });

    it(`${format}: a value that says it is a comment`, async () => {
      const text = (await sealed(format)).replace('type:str]', 'type:comment]');
      assert.equal(await verdict(text, format), 'VALUE_DAMAGED');
    });

    it(`${format}: a comment in the place of a value`, async () => {
      const text = await sealed(format);
      const comment = /ENC\[[^\]]*type:comment\]/.exec(text)?.[0] ?? assert.fail();
      assert.equal(
        await verdict(
          text.replace(/ENC\[[^\]]*type:str\]/, () => comment),
          format,
        ),
        'VALUE_DAMAGED',
      );
    });
  }

  it('a value of a list that stands again as a comment', async () => {
    const text = await sealed('yaml');
    const item = [...text.matchAll(/^ *- (ENC\[.*type:str\])$/gm)][0] ?? assert.fail();
    const again = item[1]?.replace('type:str]', 'type:comment]');
    for (const line of [`    - ${again}\n`, `    #${again}\n`])
      assert.equal(
        await verdict(
          text.replace(item[0], () => line + item[0]),
          'yaml',
        ),
        'VALUE_DAMAGED',
      );
  });

  it('an item of a list, either way', async () => {
    const { text } = await seal('l:\n    # item\n    - y\n', 'yaml', options, clock);
    const asItem = text.replace(/#(ENC\[.*type:)comment\]/, '- $1str]');
    assert.equal(await verdict(asItem, 'yaml'), 'MAC_MISMATCH');
    assert.equal(await verdict(text.replace('type:str]', 'type:comment]'), 'yaml'), 'MAC_MISMATCH');
    assert.equal(await verdict(text.replace(/#(ENC\[.*type:)comment\]/, '- $1comment]'), 'yaml'), 'ok');
  });

  it('a comment that does not open stays one, as with sops', async () => {
    const text = (await sealed('yaml')).replace('data:', 'data:AAAA');
    assert.equal(await verdict(text, 'yaml'), 'ok');
  });
});

describe('what is encrypted is not encrypted again', () => {
  const again = (text: string, format: FormatId) => sealBytes(bytesOfText(text), format, options, clock);
  const metadata: Readonly<Record<FormatId, RegExp>> = {
    yaml: /^sops:[\s\S]*/m,
    json: /,\s*"sops"[\s\S]*(?=\}\s*$)/,
    dotenv: /^sops_.*\n/gm,
    ini: /^\[sops\][\s\S]*/m,
    binary: /,\s*"sops"[\s\S]*(?=\}\s*$)/,
  };

  for (const format of formats) {
    it(`${format}, with its metadata and without`, async () => {
      const text = await sealed(format);
      const lost = text.replace(metadata[format], '');
      assert.ok(!lost.includes('sops'));
      for (const one of [text, lost]) {
        await assert.rejects(again(one, format), { code: 'ALREADY_ENCRYPTED' });
        await assert.rejects(again(one, 'binary'), { code: 'ALREADY_ENCRYPTED', place: { what: 'content' } });
      }
      if (format !== 'binary')
        await assert.rejects(again(lost, format), { code: 'ALREADY_ENCRYPTED', place: { what: 'values' } });
    });
  }

  it('nor is a comment', async () => {
    const comment = /#ENC\[.*\]/.exec(await sealed('yaml'))?.[0];
    await assert.rejects(again(`${comment}\nb: 1\n`, 'yaml'), { code: 'ALREADY_ENCRYPTED', place: { what: 'values' } });
  });

  it('but what only looks like it is', async () => {
    await again('a: ENC[AES256_GCM,data:eA==,iv:eA==,tag:eA==,type:str]\n', 'yaml');
    await again('The envelope is ENC[AES256_GCM,data:…] in\nsops:\n  mac: x\n', 'binary');
    await again('ENC[AES256_GCM,', 'binary');
  });
});
