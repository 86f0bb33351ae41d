import { ForgeError } from '../errors.ts';
import { objectId } from '../object-id.ts';
import type { Content, Place } from './place.ts';
import { projectPath } from './project.ts';
import type { TreeBlob } from './tree.ts';

/** Room for an answer that is a little more than a file: its length decides, not where it was cut. */
const SLACK = 1024;

/**
 * The bytes of one file, by its object's id. What is larger than `mostBytes` is not read to its end.
 *
 * @throws {ForgeError} except where the file alone cannot be had
 */
export async function rawBlob(place: Place, { oid, path: file }: TreeBlob, mostBytes: number): Promise<Content> {
  const { http, project, commit } = place;
  const path = `${projectPath(project)}/repository/blobs/${oid}/raw`;
  try {
    const answer = await http.send({ method: 'GET', path, about: project.path, maxBytes: mostBytes + SLACK });
    const bytes = Buffer.from(answer.bytes);
    if (objectId('blob', bytes, oid) === oid) return { bytes };
    return { missing: `GitLab sent other bytes than those of ${oid}` };
  } catch (error) {
    if (!(error instanceof ForgeError)) throw error;
    if (error.reason === 'not-found') return { missing: '' };
    if (error.reason !== 'not-understood') throw error;
    const about = `${projectPath(project)}/repository/files/${encodeURIComponent(file)}`;
    const head = await http.send({ method: 'HEAD', path: about, query: { ref: commit }, about: project.path });
    const size = Number(head.headers.get('x-gitlab-size') ?? Number.NaN);
    if (!(size > mostBytes)) throw error;
    return { size };
  }
}
