import type { Plugins } from '../age/plugin/port.ts';
import type { GpgProgram } from '../pgp/gpg.ts';
import type { AccessDisk } from './accessdisk.ts';
import type { AgentDoors } from './agentdoor.ts';
import type { Disk } from './disk.ts';
import type { Git } from './git.ts';
import type { GitDriver } from './gitdriver.ts';
import type { Journals } from './journals.ts';
import type { KeyPlaces } from './keyplaces.ts';
import type { KeyServices } from './keyservices.ts';
import type { Launches } from './launches.ts';
import type { Managers } from './managers.ts';
import type { Native } from './native.ts';
import type { Shims } from './shims.ts';

/** What the engine is given of the world outside VS Code. A feature asks for what it needs, and says what it cannot do without. */
export interface Platform {
  /** The disk that files of the scheme `file` are on; undefined where there is none, as in a browser. */
  readonly disk: Disk | undefined;
  /** Where a change of many files is written down; undefined where there is no disk. */
  readonly journals: Journals | undefined;
  /** Where access logs are kept; undefined where there is no disk. */
  readonly accessDisk: AccessDisk | undefined;
  /** Where other programs can ask for keys; undefined where none can. */
  readonly agentDoors: AgentDoors | undefined;
  /** git, to read; undefined where no program can be started. */
  readonly git: Git | undefined;
  /** git's settings for our merge driver; undefined where no program can be started. */
  readonly gitDriver: GitDriver | undefined;
  /** Where sops looks for keys on this machine; undefined where there is no such machine. */
  readonly keyPlaces: KeyPlaces | undefined;
  /** Cryptography that is faster than WebCrypto; undefined where there is none. */
  readonly native: Native | undefined;
  /** Secrets of other managers; undefined where no program can be started. */
  readonly managers: Managers | undefined;
  /** Starts the program of an age plugin; undefined where no program can be started. */
  readonly startPlugin: Plugins['start'] | undefined;
  /** Key services of SOPS, for keys of clouds and of Vault; undefined where no program can be asked. */
  readonly keyServices: KeyServices | undefined;
  /** The user's gpg, which may not be installed; undefined where no program can be started. */
  readonly gpg: GpgProgram | undefined;
  /** Scripts for debug sessions; undefined where no program can be started. */
  readonly launches: Launches | undefined;
  /** The command line as a program; undefined where no program can be started. */
  readonly shims: Shims | undefined;
  /**
   * Whether VS Code was told to do without the operating system's keyring (`password-store` is `basic`), so that what it keeps is as
   * readable as a file; undefined where VS Code runs elsewhere. @param appRoot where VS Code is installed
   */
  readonly isKeyringOff: ((appRoot: string) => Promise<boolean>) | undefined;
  /** The folder of the person who works here; undefined where there is none. */
  homeFolder(): string | undefined;
  /** A first name for a key: who and where, as in `ada@laptop`. */
  keyLabel(): string;
}
