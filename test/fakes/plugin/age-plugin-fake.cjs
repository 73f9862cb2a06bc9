// A plugin for age, written after the public specification (C2SP age-plugin): what the tests speak with. Whoever has its "public" keys
// can decrypt, so it is of no use for anything else. FAKE_PLUGIN in its environment says how it behaves; FAKE_PLUGIN_LOG is a
// file for what it was given.
const { createCipheriv, createDecipheriv, createHash } = require('node:crypto');
const { appendFileSync } = require('node:fs');
const { base64nopad, bech32 } = require('@scure/base');

const how = process.env.FAKE_PLUGIN ?? '';
const machine = process.argv.find((arg) => arg.startsWith('--age-plugin='))?.slice('--age-plugin='.length);
const log = (entry) => {
  if (process.env.FAKE_PLUGIN_LOG) appendFileSync(process.env.FAKE_PLUGIN_LOG, `${JSON.stringify(entry)}\n`);
};
log({ argv: process.argv.slice(2), env: Object.keys(process.env), cwd: process.cwd() });

// Input, stanza by stanza.
let text = '';
let ended = false;
let wake = () => {};
process.stdin.setEncoding('latin1');
process.stdin.on('data', (piece) => {
  text += piece;
  wake();
});
process.stdin.on('end', () => {
  ended = true;
  wake();
});

function take() {
  const lines = text.split('\n');
  const last = lines.findIndex((line, i) => i > 0 && i < lines.length - 1 && line.length < 64);
  if (last < 0) return undefined;
  text = lines.slice(last + 1).join('\n');
  const body = lines.slice(1, last + 1).join('');
  return { args: lines[0].replace(/^-> /, '').split(' '), body: Buffer.from(body, 'base64') };
}

async function next() {
  for (;;) {
    const found = take();
    if (found || ended) return found;
    await new Promise((resolve) => {
      wake = resolve;
    });
  }
}

function send(args, body = '') {
  const encoded = base64nopad.encode(Buffer.from(body));
  let out = `-> ${args.join(' ')}\n`;
  for (let at = 0; at <= encoded.length; at += 64) out += `${encoded.slice(at, at + 64)}\n`;
  process.stdout.write(out);
}

async function ask(args, body) {
  send(args, body);
  const answer = await next();
  log({ command: args[0], answer: answer?.args, body: answer?.body.toString() });
  return answer;
}

const payload = (word) => Buffer.from(bech32.fromWords(bech32.decode(word, false).words));
/** What a public key holds, of the secret that an identity holds. */
const publicOf = (secret) => createHash('sha256').update(secret).digest().subarray(0, 16);
const keyOf = (secret) => createHash('sha256').update(secret).digest();
const tagOf = (secret) => createHash('sha256').update('tag').update(secret).digest('hex').slice(0, 8);
const nonce = Buffer.alloc(12);

function wrap(secret, fileKey) {
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce);
  const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
  return { args: ['fake', tagOf(secret)], body };
}

function unwrap(secret, body) {
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), nonce);
  decipher.setAuthTag(body.subarray(-16));
  return Buffer.concat([decipher.update(body.subarray(0, -16)), decipher.final()]);
}

async function phaseOne() {
  const got = { recipients: [], identities: [], keys: [], stanzas: [] };
  for (let command = await next(); command && command.args[0] !== 'done'; command = await next()) {
    const [name, ...args] = command.args;
    if (name === 'add-recipient') got.recipients.push(args[0]);
    if (name === 'add-identity') got.identities.push(args[0]);
    if (name === 'wrap-file-key') got.keys.push(command.body);
    if (name === 'recipient-stanza') got.stanzas.push({ file: args[0], args: args.slice(1), body: command.body });
  }
  log({ recipients: got.recipients, identities: got.identities.length, stanzas: got.stanzas.length });
  return got;
}

/** What a person is asked, and what is no command at all. False: the person did not say what it takes. */
async function manners() {
  if (how === 'grease') {
    const answer = await ask(['grease-4711', 'a', 'b'], 'fat'.repeat(40));
    return answer.args[0] === 'unsupported';
  }
  if (how === 'msg') return (await ask(['msg'], 'touch \u001b[31mme')).args[0] === 'ok';
  if (how === 'pin') return (await ask(['request-secret'], 'PIN of the token')).body.toString() === '4711';
  if (how === 'name') return (await ask(['request-public'], 'Name of the token')).body.toString() === 'token one';
  if (how === 'confirm') {
    const yes = base64nopad.encode(Buffer.from('Plugged in'));
    const no = base64nopad.encode(Buffer.from('Skip it'));
    return (await ask(['confirm', yes, no], 'Plug in the token')).args[1] === 'yes';
  }
  return true;
}

async function misbehave() {
  if (how === 'crash') process.exit(3);
  if (how === 'junk') process.stdout.write('hello, this is no stanza\n\n');
  if (how === 'base64') process.stdout.write('-> msg\n====\n');
  if (how === 'endless')
    for (;;) if (!process.stdout.write('-> msg')) await new Promise((r) => process.stdout.once('drain', r));
  if (how === 'chatty') for (;;) if (!(await ask(['msg'], 'more'))) process.exit(0);
  if (how === 'silent') await new Promise((resolve) => setTimeout(resolve, 60_000));
}

async function recipientV1() {
  const { recipients, keys } = await phaseOne();
  await misbehave();
  if (!(await manners()) || how === 'error') {
    await ask(['error', 'recipient', '0'], 'the token is not there');
  } else {
    for (const [index, key] of keys.entries())
      for (const recipient of recipients) {
        const { args, body } = wrap(payload(recipient), key);
        await ask(['recipient-stanza', how === 'index' ? '7' : String(index), ...args], body);
        if (how === 'twice') await ask(['recipient-stanza', String(index), ...args], body);
      }
  }
  send(['done']);
}

async function identityV1() {
  const { identities, stanzas } = await phaseOne();
  await misbehave();
  const able = await manners();
  if (how === 'error' || !able) await ask(['error', 'internal'], 'the token is not there');
  for (const identity of able && how !== 'error' ? identities : []) {
    const secret = publicOf(payload(identity));
    for (const { file, args, body } of stanzas) {
      if (args[0] !== 'fake' || args[1] !== tagOf(secret)) continue;
      const key = unwrap(secret, body);
      await ask(['file-key', how === 'index' ? '7' : file], how === 'short' ? key.subarray(1) : key);
      if (how === 'twice') await ask(['file-key', file], key);
    }
  }
  send(['done']);
}

if (machine === 'recipient-v1') void recipientV1();
else if (machine === 'identity-v1') void identityV1();
else process.exitCode = 1;
