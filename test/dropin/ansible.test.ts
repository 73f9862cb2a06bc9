import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { alice, bob } from '../core/support.ts';
import { missing, skipFor } from '../skip.ts';
import { builtSops, Place, sopsPath } from './sops.ts';

const python = process.env.LOCKSTEP_PYTHON;
const collections = process.env.LOCKSTEP_COLLECTIONS;

/** Every plugin of community.sops: the module that encrypts, the lookup, the filter, the action and the vars plugin. */
const playbook = `
- hosts: localhost
  gather_facts: false
  vars:
    rules: "{{ playbook_dir }}/.sops.yaml"
  tasks:
    - community.sops.sops_encrypt: {path: "{{ playbook_dir }}/{{ item.path }}"}
      args: "{{ item.args }}"
      register: made
      loop:
        - {path: text, args: {content_text: "a text\\n\\n"}}
        - {path: text, args: {content_text: "a text\\n\\n"}}
        - {path: text, args: {content_text: "another"}}
        - {path: bytes, args: {content_binary: AQIDAAQgCg==}}
        - {path: one.yaml, args: {content_yaml: {a: b, n: 1, list: [x, {y: z}]}}}
        - {path: one.yaml, args: {content_yaml: {a: b, n: 1, list: [x, {y: z}]}}}
        - {path: two.json, args: {content_json: {a: b, n: 1}}}
        - {path: noending, args: {content_yaml: {a: b, n: 1}}}
        - {path: noending, args: {content_yaml: {a: b, n: 2}}}
        - {path: asjson, args: {content_json: {a: b}}}
        - {path: text.json, args: {content_text: "in an envelope"}}
        - {path: part.yaml, args: {content_yaml: {a: b, c: d}, encrypted_regex: ^a$, age: ["${alice.recipient}"]}}
    - set_fact:
        got:
          changed: "{{ made.results | map(attribute='changed') }}"
          text: "{{ lookup('community.sops.sops', 'text', rstrip=false) }}"
          bytes: "{{ lookup('community.sops.sops', 'bytes', rstrip=false, base64=true) }}"
          yaml: "{{ lookup('community.sops.sops', 'one.yaml') | from_yaml }}"
          json: "{{ lookup('community.sops.sops', 'one.yaml', output_type='json') | from_json }}"
          extract: "{{ lookup('community.sops.sops', 'one.yaml', extract='[\\"list\\"][1][\\"y\\"]') }}"
          noending: "{{ lookup('community.sops.sops', 'noending', output_type='yaml') }}"
          asjson: "{{ lookup('community.sops.sops', 'asjson', output_type='json') | from_json }}"
          envelope: "{{ lookup('community.sops.sops', 'text.json', output_type='binary') }}"
          filter: "{{ lookup('file', 'one.yaml') | community.sops.decrypt | from_yaml }}"
          filtered: "{{ lookup('file', 'noending') | community.sops.decrypt(output_type='yaml') }}"
          piped: "{{ lookup('file', 'text') | community.sops.decrypt(input_type='binary', output_type='binary') }}"
          part: "{{ lookup('file', 'part.yaml') is search('c: d') and lookup('file', 'part.yaml') is search('a: ENC') }}"
          absent: "{{ lookup('community.sops.sops', 'absent', empty_on_not_exist=true) }}"
          host: "{{ from_vars }}"
    - community.sops.load_vars: {file: one.yaml, name: loaded}
    - set_fact:
        wrong: "{{ lookup('community.sops.sops', 'plain.yaml') }}"
      ignore_errors: true
      register: refused
    - set_fact:
        stranger: "{{ lookup('community.sops.sops', 'one.yaml', age_key='${bob.identity}') }}"
      ignore_errors: true
      register: closed
    - copy:
        dest: "{{ playbook_dir }}/got.json"
        content: "{{ got | combine({'loaded': loaded, 'refused': 'ErrorGeneric exited with code 1: sops metadata not found' in refused.msg, 'closed': closed.msg | default('') | regex_search('[A-Za-z]+ exited with code [0-9]+: Failed to get the data key')}) | to_json }}"
`;

describe('community.sops of Ansible', () => {
  let program: string;
  before(async function () {
    skipFor(this, missing('Ansible', Boolean(python && collections)));
    program = await builtSops();
  });
  after(() => program && rmSync(program, { force: true }));

  function played(sops: string): Record<string, unknown> {
    const place = new Place(sops);
    try {
      place.write('.sops.yaml', `creation_rules:\n  - age: ${alice.recipient}\n`);
      place.write('plain.yaml', 'a: b\n');
      place.write('vars.yaml', 'from_vars: of the host\n');
      place.write('play.yml', playbook);
      place.write('hosts', 'localhost ansible_connection=local\n');
      const made = place.sops(['encrypt', '--output', 'sealed', 'vars.yaml']);
      assert.equal(made.code, 0, made.err);
      place.write('host_vars/localhost.sops.yaml', place.read('sealed'));
      const ran = place.run(python ?? '', ['-m', 'ansible', 'playbook', '-i', 'hosts', 'play.yml'], {
        ANSIBLE_COLLECTIONS_PATH: collections,
        ANSIBLE_VARS_ENABLED: 'host_group_vars,community.sops.sops',
        ANSIBLE_HOME: `${place.folder}/.ansible`,
        ANSIBLE_REMOTE_TMP: `${place.folder}/.tmp`,
        ANSIBLE_NOCOLOR: '1',
        ANSIBLE_PYTHON_INTERPRETER: python,
        PATH: [place.bin, dirname(python ?? ''), dirname(process.execPath), process.env.PATH].join(':'),
        LC_ALL: 'C.UTF-8',
      });
      assert.equal(ran.code, 0, `${ran.out}\n${ran.err}`);
      return JSON.parse(place.read('got.json'));
    } finally {
      place.dispose();
    }
  }

  it('gets from ours what it gets from sops', function () {
    this.timeout(300_000);
    const [their, our] = [played(sopsPath), played(program)];
    assert.deepEqual(our, their);
    assert.deepEqual(our.yaml, { a: 'b', n: 1, list: ['x', { y: 'z' }] });
    assert.deepEqual(
      [our.refused, our.closed, our.part, our.host],
      [true, 'CouldNotRetrieveKey exited with code 128: Failed to get the data key', true, 'of the host'],
    );
  });
});
