import * as vscode from 'vscode';
import { utf8 } from '../../core/bytes.ts';
import { environmentsPath } from '../../core/view/names.ts';
import { exists } from '../exists.ts';
import { writeOwn } from '../policy/places.ts';
import type { Services } from '../services.ts';

/** It says nothing until somebody takes the signs of comments away. */
const template = `# Environments: the files that each has, in order, and how they become variables. Names only, no values.
# Files that are called after an environment (.env.production, secrets.staging.yaml) are found without this.
#
# production:
#   files: [config/production.env, database.enc.yaml]   # from the folder that holds .lockstep; a later file wins
#   loader: dotenv            # how .env files are read: dotenv, compose, python or literal
#   variables:
#     db.password: PGPASSWORD # instead of DB_PASSWORD
# development:
#   default: true             # used where no environment is named
`;

/** Opens the environments of a folder; where nothing is written down yet, a file that explains itself is made. */
export async function openDeclarations({ platform }: Services, folder: vscode.Uri): Promise<void> {
  const uri = vscode.Uri.joinPath(folder, environmentsPath);
  if (!(await exists(uri))) await writeOwn(platform, folder, environmentsPath, utf8(template), undefined);
  await vscode.window.showTextDocument(uri);
}
