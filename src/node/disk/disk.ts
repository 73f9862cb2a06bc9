import type { Disk } from '../../core/platform/disk.ts';
import * as files from '../files.ts';
import { listenToWrites } from '../inplace.ts';
import { isAnybodys } from '../owner.ts';

/** The disk of this machine. */
export const nodeDisk: Disk = {
  read: files.readBytes,
  readIfThere: files.readIfThere,
  stage: files.stage,
  write: files.writeAtomically,
  syncFolders: files.syncFolders,
  requireWritable: files.requireWritable,
  isLink: files.isLink,
  leadsOut: files.leadsOut,
  otherNames: files.otherNames,
  isAnybodys,
  listenToWrites,
};
