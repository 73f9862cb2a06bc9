import * as vscode from 'vscode';
import { LockstepError } from '../../core/errors.ts';
import type { Opener } from '../../core/keys/opener.ts';
import { type NamedKeys, type OtherKeys, useOthers } from '../../core/keys/others.ts';
import type { KeyServices } from '../../core/platform/keyservices.ts';
import { kindNames, serviceKinds } from '../../core/sops/kinds.ts';
import type { KeyName, WrappedKey } from '../../core/sops/masterkey.ts';
import { visible } from '../../core/tree/path.ts';
import type { Services } from '../services.ts';
import { ServiceMemory } from './servicememory.ts';

const { t } = vscode.l10n;

type Given = Pick<Services, 'context' | 'platform' | 'settings' | 'ui' | 'vault'>;

/** Where the addresses are kept that a person has allowed. */
const allowedKey = 'lockstep.vaultAddresses';
/** Milliseconds after which somebody is told what is waited for. */
const untilTold = 3000;

/**
 * The keys of clouds and of Vault in this window: by the key services that the user has named for this machine, then by his own sops. In
 * a workspace that nobody trusts none is asked.
 */
export function useClouds({ context, platform, settings, ui, vault }: Given): vscode.Disposable {
  const { keyServices } = platform;
  const memory = new ServiceMemory();
  const waiting = new Waiting();
  const consent = new Consent(context.globalState, ui);
  useOthers(serviceKinds, () => {
    if (!keyServices) return { lacks: undefined };
    if (!vscode.workspace.isTrusted) return { lacks: 'trust' };
    const keys = waiting.keysOf(keyServices, settings.keyServices);
    return 'lacks' in keys ? keys : keysOf(keys, memory, consent);
  });
  const forget = () => {
    waiting.stop();
    memory.clear();
    keyServices?.stop();
  };
  return vscode.Disposable.from(
    vault.onDidChange(() => (vault.locked ? forget() : memory.forgetFaults())),
    new vscode.Disposable(forget),
  );
}

function keysOf(keys: NamedKeys, memory: ServiceMemory, consent: Consent): OtherKeys {
  const openerOf = (key: WrappedKey): Opener => ({
    ...{ kind: key.kind, label: key.name, recipient: key.name, source: { kind: 'program', name: 'sops' } },
    unwrap: async (one) => {
      if (one.name !== key.name || one.enc !== key.enc) return undefined;
      if (!consent.has(key)) throw unasked(key);
      return memory.unwrap(keys, one);
    },
  });
  return {
    openers: async (wanted) => wanted.map(openerOf),
    own: async (names) => names.filter((key) => memory.hasOpened(key)),
    isAsleep: (wanted) => wanted.some((key) => !consent.has(key)),
    wake: (wanted) => consent.ask(wanted),
    requireUsable: (names) => consent.ask(names),
    wrap: (dataKey, key) => keys.wrap(dataKey, key),
  };
}

function unasked({ kind }: KeyName): LockstepError {
  return new LockstepError('KEY_SERVICE', { kind: kind === 'age' ? 'hc_vault' : kind, what: 'unasked' });
}

/**
 * A file says at which address its Vault is, and whoever asks there sends a token along. So a person says once for each address that it is
 * one of theirs. Clouds have addresses of their own.
 */
class Consent {
  readonly #memory: vscode.Memento;
  readonly #ui: Given['ui'];

  constructor(memory: vscode.Memento, ui: Given['ui']) {
    this.#memory = memory;
    this.#ui = ui;
  }

  has(key: KeyName): boolean {
    const address = addressOf(key);
    return address === undefined || this.#allowed.includes(address);
  }

  /** Throws KEY_SERVICE (`unasked`) where a person does not say so. */
  async ask(keys: readonly KeyName[]): Promise<void> {
    for (const key of keys) {
      const address = addressOf(key);
      if (address === undefined || this.has(key)) continue;
      const sure = await this.#ui.gesture(
        t('Ask HashiCorp Vault at {0}?', visible(address)),
        t(
          'The file names this address. Your Vault token is sent there each time. Allow it only if this is a Vault of yours. If you did not ask for this, another extension did.',
        ),
        t('Allow'),
      );
      if (!sure) throw unasked(key);
      await this.#memory.update(allowedKey, [...this.#allowed, address]);
    }
  }

  get #allowed(): readonly string[] {
    const kept: unknown = this.#memory.get(allowedKey);
    return Array.isArray(kept) ? kept.map(String) : [];
  }
}

/** Of a key of Vault, the address that its name begins with. */
const addressOf = ({ kind, name }: KeyName) =>
  kind === 'hc_vault' ? (/^[^/]*\/\/[^/]*/.exec(name)?.[0] ?? name) : undefined;

/** What is asked now, which a person can give up. */
class Waiting {
  #abort = new AbortController();
  #pending = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over: () => void = () => undefined;

  keysOf(services: KeyServices, named: readonly string[]): ReturnType<KeyServices['keys']> {
    const how = { services: [...named, ...services.named], own: true };
    const keys = services.keys(how, () => this.#abort.signal);
    if ('lacks' in keys) return keys;
    return {
      unwrap: (wrapped) => this.#told(wrapped, keys.unwrap(wrapped)),
      wrap: (dataKey, key) => this.#told(key, keys.wrap(dataKey, key)),
    };
  }

  stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  /** Says what is waited for, when that takes a while. */
  async #told<T>({ kind }: KeyName, work: Promise<T>): Promise<T> {
    this.#pending++;
    this.#timer ??= setTimeout(() => this.#tell(kind), untilTold);
    try {
      return await work;
    } finally {
      this.#pending--;
      if (this.#pending === 0) {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        this.#over();
      }
    }
  }

  #tell(kind: KeyName['kind']): void {
    const title = t('Waiting for {0}', kind === 'age' ? kind : kindNames[kind]);
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    const over = new Promise<void>((resolve) => {
      this.#over = resolve;
    });
    void vscode.window.withProgress(options, async (_, cancelled) => {
      const given = cancelled.onCancellationRequested(() => this.stop());
      await over.finally(() => given.dispose());
    });
  }
}
