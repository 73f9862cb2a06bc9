import * as vscode from 'vscode';
import { commands } from '../ids.ts';
import type { Feature, Services } from '../services.ts';
import { encryptEdits } from './accept.ts';
import { listenToClicks } from './clicks.ts';
import { Offers } from './offers.ts';
import { Saving } from './saving.ts';
import { Typing } from './typing.ts';
import { VerifiedTexts } from './verified.ts';

/** What somebody types into an encrypted file as text is encrypted, before it reaches the disk. */
export function register(services: Services): Feature {
  const texts = new VerifiedTexts(services);
  const offers = new Offers(services);
  const typing = new Typing(services, texts, (document, error) => offers.failed(document, error));
  const saving = new Saving(services, texts, typing);
  return {
    commands: { [commands.encryptEdits]: (...ids) => encryptEdits(services, texts, ids) },
    disposable: vscode.Disposable.from(saving, typing, offers, texts, listenToClicks(services)),
  };
}
