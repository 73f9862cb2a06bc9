import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { alice } from '../core/support.ts';
import { builtSops, Place, type Ran, sopsPath } from '../dropin/sops.ts';
import { describeUnless, needsRoot, notLinux } from '../skip.ts';

/** Users of a machine that there is not; the second has the number of the first. */
const passwd = [
  'root:x:0:0::/root:/bin/sh',
  'tester:x:4711:4712::/home/tester:/bin/sh',
  'twin:x:4711:4799::/home/twin:/bin/sh',
];
const group = ['root:x:0:', 'own:x:4712:', 'extra:x:4713:tester', 'other:x:4714:root'];
const who =
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell puts these variables in.
  'id -u; id -ru; id -g; id -rg; id -G; echo "$HOME $USER $LOGNAME ${VALUE-none} ${SOPS_AGE_KEY-no key}"; pwd -P; kill -0 1 2>/dev/null || echo no more';

describeUnless(notLinux ?? needsRoot(), 'a program for another user', () => {
  let program: string;
  const places: Place[] = [];
  before(async () => {
    program = await builtSops();
  });
  after(() => {
    for (const place of places) place.dispose();
    if (program) rmSync(program, { force: true });
  });

  /** What both say, where the machine has these users. */
  function both(script: string, env: NodeJS.ProcessEnv = {}): Ran[] {
    return [sopsPath, program].map((sops) => {
      const place = new Place(sops);
      places.push(place);
      place.write('passwd', `${passwd.join('\n')}\n`);
      place.write('group', `${group.join('\n')}\n`);
      place.write('a.env', 'VALUE=one\n');
      place.write('home.env', 'HOME=/from/file\n');
      for (const name of ['a.env', 'home.env'])
        assert.equal(place.sops(['encrypt', '-i', '--age', alice.recipient, name]).code, 0);
      mkdirSync(`${place.folder}/tmp`);
      chmodSync(`${place.folder}/tmp`, 0o1777);
      const mounts =
        'mount --bind passwd /etc/passwd && mount --bind group /etc/group && mount -t tmpfs -o mode=1777 none /dev/shm';
      const ran = place.run('unshare', ['-m', 'sh', '-c', `${mounts} && ${script}`], env);
      const own = (text: string) => text.replaceAll(place.folder, '/place');
      return { code: ran.code, out: own(ran.out), err: own(ran.err) };
    });
  }

  function same(script: string, env: NodeJS.ProcessEnv = {}): string {
    const [theirs, ours] = both(script, env);
    assert.deepEqual({ code: ours?.code, out: ours?.out }, { code: theirs?.code, out: theirs?.out }, ours?.err);
    return ours?.out ?? '';
  }

  it('has their numbers, groups and home, and the folder, as with sops', () => {
    const key = { SOPS_AGE_KEY: undefined, SOPS_AGE_KEY_FILE: 'key.txt' };
    const out = same(`echo ${alice.identity} > key.txt; sops exec-env --user tester a.env '${who}'`, key);
    const lines = [
      '4711',
      '4711',
      '4712',
      '4712',
      '4712 4713',
      '/home/tester tester tester one no key',
      '/place',
      'no more',
    ];
    assert.equal(out, `${lines.join('\n')}\n`);
  });

  it('has no others with --pristine, and those of the file first', () => {
    same("sops exec-env --pristine --user tester a.env 'echo $HOME $USER $LOGNAME $VALUE'");
    assert.equal(same("sops exec-env --user tester home.env 'echo $HOME $USER'"), '/from/file tester\n');
  });

  for (const flags of ['', '--no-fifo'])
    it(`reads its file${flags && ` with ${flags}`}`, () => {
      const out = same(
        `TMPDIR=$PWD/tmp; export TMPDIR; chmod 711 . ; sops exec-file ${flags} --user tester a.env 'id -u; cat {}; stat -c "%u %a" {}'`,
      );
      assert.match(out, /^4711\nVALUE=one\n4711 600\n$/);
    });

  it('leaves no plaintext behind', () => {
    const [, ours] = both(
      `chmod 711 .; sops exec-file --no-fifo --user tester a.env 'cat {}' && find /dev/shm -mindepth 1`,
    );
    assert.deepEqual(ours, { code: 0, out: 'VALUE=one\n', err: '' });
  });

  it('is refused for users that there are not, with the words of sops', () => {
    for (const name of ['nobody-here', '4711', "''"]) {
      const [theirs, ours] = both(`sops exec-env --user ${name} a.env 'echo started'`);
      assert.equal(ours?.out, name === "''" ? 'started\n' : '', name);
      assert.deepEqual({ code: ours?.code, out: ours?.out }, { code: theirs?.code, out: theirs?.out }, name);
    }
    const [, twin] = both("sops exec-env --user twin a.env 'echo started'");
    assert.deepEqual({ code: twin?.code, out: twin?.out }, { code: 1, out: '' });
  });

  it('is refused to everybody but root', () => {
    const drop = 'setpriv --reuid 4711 --regid 4712 --clear-groups';
    const [theirs, ours] = both(`chmod 755 . .bin; ${drop} sops exec-env --user tester a.env 'echo started'`);
    assert.deepEqual({ code: ours?.code, out: ours?.out }, { code: theirs?.code, out: theirs?.out });
    assert.match(ours?.err ?? '', /Only root can start a program as another user/);
  });
});
