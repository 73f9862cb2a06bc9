import { sameRecipient } from '../../core/age/sshkey.ts';
import { type Member, membersOf } from '../../core/people/members.ts';
import { visible } from '../../core/tree/path.ts';
import type { Run } from '../call.ts';
import { about, exit } from '../failure.ts';
import { keyringOf } from '../keys/keyring.ts';
import { pathInTeam, type Team, teamOf } from './team.ts';

/** Everybody whom a rule names, or who can read a file. */
export const listPeople: Run = async (call) => {
  const team = await teamOf(call);
  const members = await about(team.config.path, () => membersOf(team.configs, team.files, team.names), exit.generic);
  const own = await keyringOf(call).own();
  const isOwn = ({ recipient }: Member) => own.some((key) => sameRecipient(key.recipient, recipient));
  const text = call.flags.on('json')
    ? `${JSON.stringify(members.map((member) => asJson(team, member, isOwn(member))))}\n`
    : members.map((member) => asLine(team, member, isOwn(member))).join('');
  await call.io.writeStdout(text);
  return 0;
};

/** The name, the public key, the rules, the files, separated by tabs. */
function asLine(team: Team, { kind, recipient, name, rules, files }: Member, own: boolean): string {
  const words = [
    (name ?? '-') + (own ? ' (you)' : ''),
    kind === 'age' ? recipient : `${kind} ${recipient}`,
    rules.length === 0 ? 'no rule' : rulesText(team, rules),
    files.length === 1 ? '1 file' : `${files.length} files`,
  ];
  return `${words.map(visible).join('\t')}\n`;
}

/** `rules 1, 3`; those of another `.sops.yaml` with its path. */
function rulesText(team: Team, rules: Member['rules']): string {
  const { config } = team;
  const all = rules.map(
    (one) => (one.config === config.path ? '' : `${pathInTeam(team, one.config)}:`) + (one.rule + 1),
  );
  return `${all.length === 1 ? 'rule' : 'rules'} ${all.join(', ')}`;
}

function asJson(team: Team, { kind, recipient, name, rules, files }: Member, own: boolean) {
  return {
    name: name ?? null,
    recipient,
    kind,
    own,
    rules: rules.map(({ config, rule }) => ({ config: pathInTeam(team, config), rule: rule + 1 })),
    files: files.map((path) => pathInTeam(team, path)),
  };
}
