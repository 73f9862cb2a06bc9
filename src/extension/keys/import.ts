import * as vscode from 'vscode';
import { isArmored, openIdentityFile, parseIdentities } from '../../core/age/identity.ts';
import { base64, fromUtf8 } from '../../core/bytes.ts';
import { LockstepError } from '../../core/errors.ts';
import { readBytes } from '../../node/files.ts';
import { standardKeyring } from '../../node/identities.ts';
import { defaultLabel, home } from '../../node/machine.ts';
import type { Services } from '../services.ts';

const { t } = vscode.l10n;

/** An identity that was found somewhere, with the name it goes by there. */
interface Found {
  readonly identity: string;
  readonly label: string;
}

interface Source {
  readonly label: string;
  readonly description?: string;
  /** What to say about the place that the key still is in. */
  readonly after?: string;
  read(services: Services): Promise<readonly Found[] | undefined>;
}

const maxKeyFile = 1024 * 1024;

/** Takes age identities into SecretStorage, from where the person says. */
export async function importKey(services: Services): Promise<void> {
  const sources = [typed(), clipboard(), ...(await standard()), file()];
  const source = await services.ui.pick(sources, { title: t('Import Key'), placeholder: t('Where is your age key?') });
  const found = await source?.read(services);
  if (!found) return;
  const before = new Set((await services.vault.keys()).map((key) => key.recipient));
  const labels: string[] = [];
  for (const { identity, label } of found) {
    const key = await services.vault.add(identity, label);
    if (!before.has(key.recipient)) labels.push(key.label);
  }
  void services.ui.info([outcome(labels), source?.after].filter(Boolean).join(' '));
}

function outcome(labels: readonly string[]): string {
  if (labels.length === 0) return t('You had this key already.');
  return labels.length === 1
    ? t('The key {0} is in the vault now.', labels[0] ?? '')
    : t('{0} keys are in the vault now.', labels.length);
}

function typed(): Source {
  return {
    label: t('Type or Paste It'),
    read: async ({ ui }) => {
      const answer = await ui.secret({
        title: t('Import Key'),
        prompt: t('The line that starts with AGE-SECRET-KEY-1. For an SSH key, choose its file instead.'),
        check: (text) =>
          text === '' || isIdentity(text) ? undefined : { message: t('This is not an age key.'), block: true },
      });
      return answer && 'text' in answer && answer.text !== '' ? readIdentities(answer.text) : undefined;
    },
  };
}

function clipboard(): Source {
  return {
    label: t('From the Clipboard'),
    read: async (services) => {
      const text = await services.ui.readClipboard();
      const found = await readKeyFile(services, text);
      // A private key on the clipboard is for everybody to read; it has served.
      if (found && (await services.ui.readClipboard()) === text) await services.ui.writeClipboard('');
      return found;
    },
  };
}

/** Where sops looks; offered only when something is there. */
async function standard(): Promise<Source[]> {
  const entries = await standardKeyring(process.env, home(), process.platform)
    .entries()
    .catch(() => []);
  const places = [...new Set(entries.map((entry) => entry.source))];
  if (places.length === 0) return [];
  const read = async () => entries.map(({ identity }) => ({ identity, label: defaultLabel() }));
  return [
    {
      label: t('From the Key File of sops'),
      description: places.join(', '),
      after: t('sops still uses its own copy.'),
      read,
    },
  ];
}

function file(): Source {
  return {
    label: t('From a File…'),
    description: t('also a backup with a pass phrase'),
    read: async (services) => {
      const chosen = await services.ui.openFile({ title: t('Import Key') });
      if (!chosen) return undefined;
      const bytes =
        chosen.scheme === 'file'
          ? (await readBytes(chosen.fsPath, maxKeyFile)).bytes
          : await vscode.workspace.fs.readFile(chosen);
      return readKeyFile(services, textOf(bytes));
    },
  };
}

const ageHeader = 'age-encryption.org/v1';

/** A binary age file is put into armor, so that there is one way to go on. */
function textOf(bytes: Uint8Array): string {
  if (!Buffer.from(bytes.subarray(0, ageHeader.length)).equals(Buffer.from(ageHeader))) return fromUtf8(bytes);
  const lines = base64(bytes).match(/.{1,64}/g) ?? [];
  return ['-----BEGIN AGE ENCRYPTED FILE-----', ...lines, '-----END AGE ENCRYPTED FILE-----', ''].join('\n');
}

/** The identities of a key file's text; one under a pass phrase asks for it until it fits. */
async function readKeyFile({ ui }: Services, text: string): Promise<readonly Found[] | undefined> {
  if (!isArmored(text)) return readIdentities(text);
  let prompt = t('The key file is protected with a pass phrase.');
  for (;;) {
    const answer = await ui.secret({ title: t('Import Key: Pass Phrase'), prompt });
    if (!answer || !('text' in answer)) return undefined;
    try {
      return readIdentities(await openIdentityFile(text, answer.text));
    } catch (error) {
      if (!(error instanceof LockstepError) || error.code !== 'BAD_PASSPHRASE') throw error;
      prompt = t('The pass phrase does not open the key file. Try again.');
    }
  }
}

function isIdentity(text: string): boolean {
  try {
    return parseIdentities(text).length === 1;
  } catch {
    return false;
  }
}

/** Identities with their labels: in our backups a label is the first comment line above its identity. */
export function readIdentities(text: string): readonly Found[] {
  const identities = parseIdentities(text);
  const blocks = text.split(/^(?=[^#\s])/m);
  return identities.map((identity) => {
    const at = blocks.findIndex((block) => block.startsWith(identity));
    const above = /(?:^|\n\s*\n)((?:#.*\n)+)$/.exec((blocks[at - 1] ?? '').replaceAll('\r\n', '\n'))?.[1];
    const first = above?.split('\n')[0]?.replace(/^#\s*/, '') ?? '';
    return { identity, label: /^(?:created|public key):/.test(first) || first === '' ? defaultLabel() : first };
  });
}
