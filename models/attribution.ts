import { createHmac } from 'node:crypto';
import type { Subject } from './port.ts';

/** Who asks, for the accounts of a gateway; nothing here can be turned back without the key. */
export interface Attribution {
  readonly user?: string;
  readonly metadata:
    | Readonly<Record<'agent' | 'project' | 'user', string>>
    | Readonly<Record<'agent' | 'project', string>>;
}

/** @returns `undefined` without a key: then nothing at all is sent. */
export function attributionOf(agent: string, about: Subject, key: string | undefined): Attribution | undefined {
  if (!key) return undefined;
  // The kind goes into what is hashed, so that a user and a project of one name do not look alike.
  const hash = (kind: string, name: string) => createHmac('sha256', key).update(`${kind}:${name}`).digest('hex');
  const metadata = { agent: hash('agent', agent), project: hash('project', about.project) };
  if (about.user === undefined) return { metadata };
  const user = hash('user', about.user);
  return { user, metadata: { ...metadata, user } };
}
