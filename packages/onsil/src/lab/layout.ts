/**
 * Where a lab keeps what, and what its things are called. Everything carries the lab's name, so
 * that a process without any memory can find and sweep it.
 */
import { join } from 'node:path';

/** Things worth keeping between labs: images, layers, releases, the authority, secrets. */
export const CACHE = process.env['ONSIL_CACHE'] ?? '/var/cache/onsil';
const STATE = '/var/lib/onsil';
const RUN = '/run/onsil';

/**
 * The user ids of every machine: root inside is this id outside, nobody's. A multiple of 65536,
 * as systemd-nspawn asks for.
 */
export const UID_BASE = 0x4f_4e_00_00;

export interface LabFolders {
  /** Sockets, process ids, mount points. */
  readonly run: string;
  /** Disks of machines, volumes, objects: gone with the lab. */
  readonly state: string;
  readonly socket: string;
  readonly log: string;
}

/** The folders of one lab. */
export function labFolders(lab: string): LabFolders {
  const run = join(RUN, lab);
  return {
    run,
    state: join(STATE, lab),
    socket: join(run, 'daemon.sock'),
    log: join(run, 'daemon.log'),
  };
}

export const runRoot = RUN;
export const stateRoot = STATE;

export const cacheFolders = {
  images: join(CACHE, 'images'),
  addedImages: join(CACHE, 'added-images'),
  layers: join(CACHE, 'layers'),
  releases: join(CACHE, 'releases'),
  /** Files of CDK apps by what is in them. */
  assets: join(CACHE, 'assets'),
  authority: join(CACHE, 'authority'),
  /** Secrets and keys of a lab by its name. */
  labs: join(CACHE, 'labs'),
  templates: join(CACHE, 'templates'),
} as const;

/** Lower case letters, digits and hyphens; short, since it is part of many names. */
export const LAB_NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
