import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Gpg } from '../../../src/core/pgp/gpg.ts';
import { gpgRunner } from '../../../src/node/pgp/run.ts';
import { GpgHome, noGpg } from '../../fakes/gpg.ts';
import { describeUnless, windows } from '../../skip.ts';

const dataKey = Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 11) % 256);
const pgp = (name: string, enc = '') => ({ kind: 'pgp', name, enc }) as const;

describeUnless(windows ?? noGpg, 'PGP keys by the real gpg', function () {
  this.timeout(60_000);
  let home: GpgHome;
  let ada: string;
  let pinned: string;
  const gpgOf = (
    env: NodeJS.ProcessEnv,
    limits?: Parameters<typeof gpgRunner>[2],
    stop?: Parameters<typeof gpgRunner>[1],
  ) => new Gpg(gpgRunner({ env, platform: process.platform, home: homedir() }, stop, limits));
  before(() => {
    home = new GpgHome();
    ada = home.key('Ada <ada@lockstep.test>');
    pinned = home.key('Pinned <pinned@lockstep.test>', { pin: 'correct horse' });
  });
  after(() => home.end());

  /** What the openers make of one wrapped key, and who did. */
  const opened = async (gpg: Gpg, enc: string, name: string, ask = true) => {
    for (const opener of await gpg.openers([pgp(name, enc)], ask)) {
      const key = await opener.unwrap(pgp(name, enc));
      if (key) return { key: [...key], recipient: opener.recipient };
    }
    return undefined;
  };
  const fault = (what: string) => ({ code: 'PGP', place: { what } });

  it('are wrapped and unwrapped under every name that they have', async () => {
    const gpg = gpgOf(home.env);
    const subkey = home.fingerprint('ada@lockstep.test', 1);
    for (const name of [ada, ada.toLowerCase(), `0x${ada}`, ada.slice(-16), subkey, `${subkey}!`]) {
      const enc = await gpg.wrap(dataKey, pgp(name));
      assert.match(enc, /^-----BEGIN PGP MESSAGE-----\n\n[\s\S]*\n-----END PGP MESSAGE-----$/);
      assert.deepEqual(await opened(gpg, enc, name), { key: [...dataKey], recipient: name });
    }
  });

  it('open an entry with a false name under their own', async () => {
    const gpg = gpgOf(home.env);
    const enc = await gpg.wrap(dataKey, pgp(ada));
    for (const name of [pinned, 'F'.repeat(40), '--output=x', 'ada@lockstep.test'])
      assert.deepEqual(await opened(gpg, enc, name), { key: [...dataKey], recipient: ada });
  });

  it('of others open nothing, and nobody is asked', async () => {
    const other = new GpgHome();
    try {
      const theirs = other.key('Other <other@lockstep.test>');
      const enc = await gpgOf(other.env).wrap(dataKey, pgp(theirs));
      await assert.rejects(opened(gpgOf(home.env), enc, theirs), fault('no-secret'));
      await assert.rejects(opened(gpgOf(home.env), enc, ada), fault('no-secret'));
      rmSync(join(other.folder, 'private-keys-v1.d'), { recursive: true });
      await assert.rejects(opened(gpgOf(other.env), enc, theirs), fault('no-secret'));
    } finally {
      other.end();
    }
  });

  it('under a pass phrase are asked for by the agent, where somebody may be asked', async () => {
    const gpg = gpgOf(home.env);
    const enc = await gpg.wrap(dataKey, pgp(pinned));
    home.person('correct horse');
    const before = home.asked;
    await assert.rejects(opened(gpg, enc, pinned, false), fault('asleep'));
    assert.equal(home.asked, before);
    assert.deepEqual(await opened(gpg, enc, pinned), { key: [...dataKey], recipient: pinned });
    assert.equal(home.asked, before + 1);
    // The agent knows it now.
    assert.deepEqual(await opened(gpg, enc, pinned, false), { key: [...dataKey], recipient: pinned });
    home.person();
    await assert.rejects(opened(gpg, enc, pinned), fault('cancelled'));
    home.person('wrong horse');
    await assert.rejects(opened(gpg, enc, pinned), fault('passphrase'));
  });

  it('that cannot be encrypted for are told before anything is wrapped', async () => {
    const gpg = gpgOf(home.env);
    const old = home.key('Old <old@lockstep.test>', { lives: '1y', now: '20200101T000000' });
    const gone = home.key('Gone <gone@lockstep.test>');
    home.revoke(gone);
    const signs = home.key('Signs <signs@lockstep.test>', { use: 'sign' });
    const wrong: [string, string][] = [
      [old, 'expired'],
      [gone, 'revoked'],
      [signs, 'sign-only'],
      ['0123456789ABCDEF0123456789ABCDEF01234567', 'no-public'],
      ...['--output=/tmp/x', '-r', 'ada@lockstep.test', 'ABCDEF01', '', `${ada} `, `${ada}\n`, `=${ada}`].map(
        (name): [string, string] => [name, 'name'],
      ),
    ];
    for (const [name, what] of wrong) {
      // A fingerprint is told. What is none may be anything.
      const place = what === 'name' ? { what } : { what, key: name };
      await assert.rejects(gpg.requireUsable([pgp(name)]), { code: 'PGP', place }, name);
      await assert.rejects(gpg.wrap(dataKey, pgp(name)), { code: 'PGP', place }, name);
    }
    await gpg.requireUsable([pgp(ada), pgp(pinned)]);
  });

  it('of the user are known by every name', async () => {
    const gpg = gpgOf(home.env);
    const names = [ada.toLowerCase(), 'F'.repeat(40), pinned.slice(-16), 'ada@lockstep.test'].map((name) => pgp(name));
    assert.deepEqual(await gpg.own(names), [names[0], names[2]]);
    assert.deepEqual(await gpgOf({ PATH: '/nowhere' }).own([pgp('ada@lockstep.test')]), []);
  });

  it('nothing but fingerprints is in the arguments of gpg, and no key of age in its environment', async () => {
    const log = join(home.folder, 'argv');
    const env = home.fake(`{ printf '%s\\n' "$@"; env; } >> ${log}; exec gpg "$@"`);
    const gpg = gpgOf({ ...env, SOPS_AGE_KEY: 'AGE-SECRET-KEY-CANARY' });
    const enc = await gpg.wrap(dataKey, pgp(ada));
    assert.ok(await opened(gpg, enc, '--output=evil'));
    const said = readFileSync(log, 'utf8');
    assert.match(said, new RegExp(`^-r\n${ada}\n--trusted-key\n${ada.slice(-16)}$`, 'm'));
    for (const encoding of ['hex', 'base64', 'latin1'] as const)
      assert.ok(!said.includes(Buffer.from(dataKey).toString(encoding)), encoding);
    assert.doesNotMatch(said, /evil|CANARY|BEGIN PGP/);
  });

  describe('with a gpg that', () => {
    it('is not there', async () => {
      for (const env of [{ PATH: '/nowhere' }, { SOPS_GPG_EXEC: '/nowhere/gpg' }, { SOPS_GPG_EXEC: './gpg' }])
        await assert.rejects(gpgOf(env).wrap(dataKey, pgp(ada)), fault('missing'));
    });

    it('hangs', async () => {
      const limits = { asking: 300, quiet: 300 };
      await assert.rejects(gpgOf(home.fake('exec sleep 600'), limits).wrap(dataKey, pgp(ada)), fault('silent'));
      // It leaves a child behind that holds its pipes, and hears no SIGTERM.
      const deaf = home.fake("trap '' TERM; sleep 600 & sleep 600");
      await assert.rejects(gpgOf(deaf, limits).wrap(dataKey, pgp(ada)), fault('silent'));
    });

    it('hangs, until nobody waits any more', async () => {
      const stop = new AbortController();
      const gpg = gpgOf(home.fake('exec sleep 600'), undefined, () => stop.signal);
      const ended = assert.rejects(gpg.wrap(dataKey, pgp(ada)), fault('cancelled'));
      stop.abort();
      await ended;
      await assert.rejects(gpg.wrap(dataKey, pgp(ada)), fault('cancelled'));
    });

    it('prints warnings', async () => {
      const gpg = gpgOf(
        home.fake(
          `echo 'gpg: WARNING: unsafe permissions' >&2; echo '[GNUPG:] WARNING server_version_mismatch' >&2; exec gpg "$@"`,
        ),
      );
      const enc = await gpg.wrap(dataKey, pgp(ada));
      assert.deepEqual((await opened(gpg, enc, ada))?.key, [...dataKey]);
    });

    it('encrypts for another key, or for one more', async () => {
      const swapped = home.fake(
        `for a; do shift; [ "$a" = ${ada} ] && [ "$e" = 1 ] && a=${pinned}; [ "$a" = --encrypt ] && e=1; set -- "$@" "$a"; done; exec gpg --trust-model always "$@"`,
      );
      await assert.rejects(gpgOf(swapped).wrap(dataKey, pgp(ada)), fault('other-key'));
      const more = home.fake(
        `for a; do [ "$a" = --encrypt ] && m="-r ${pinned}"; done; exec gpg --trust-model always $m "$@"`,
      );
      await assert.rejects(gpgOf(more).wrap(dataKey, pgp(ada)), fault('other-key'));
    });

    it('gives out what is no data key', async () => {
      const enc = await gpgOf(home.env).wrap(dataKey, pgp(ada));
      for (const lie of ['', 'short', 'x'.repeat(64)]) {
        const gpg = gpgOf(
          home.fake(`case "$*" in *-d) printf '${lie}'; echo '[GNUPG:] DECRYPTION_OKAY' >&2;; *) exec gpg "$@";; esac`),
        );
        await assert.rejects(opened(gpg, enc, ada), { code: 'BAD_DATA_KEY' }, lie);
      }
    });

    it('says that another of the keys opened it', async () => {
      const enc = await gpgOf(home.env).wrap(dataKey, pgp(ada));
      const lies = home.fake(
        `case "$*" in *-d) printf '%032d' 1; echo '[GNUPG:] DECRYPTION_KEY ${pinned} ${pinned} u\n[GNUPG:] DECRYPTION_OKAY' >&2;; *) exec gpg "$@";; esac`,
      );
      assert.equal(await opened(gpgOf(lies), enc, ada), undefined);
    });

    it('prints without end', async () => {
      await assert.rejects(gpgOf(home.fake('exec yes')).wrap(dataKey, pgp(ada)), fault('failed'));
    });
  });

  it('asks nobody for the pass phrase of a message that is encrypted by one, and opens no other', async () => {
    const gpg = gpgOf(home.env);
    const by = (...args: string[]) =>
      home.gpg(['-a', '--pinentry-mode', 'loopback', '--passphrase', 'abc', ...args], dataKey);
    const before = home.asked;
    home.person('abc');
    for (const enc of [by('-c'), by('-c', '-e', '--trust-model', 'always', '-r', ada), by('--store'), 'no message'])
      await assert.rejects(opened(gpg, enc, ada), fault('no-secret'));
    assert.equal(home.asked, before);
    const hidden = by('-e', '--throw-keyids', '--trust-model', 'always', '-r', ada);
    assert.deepEqual(await opened(gpg, hidden, ada, false), { key: [...dataKey], recipient: ada });
  });
});
