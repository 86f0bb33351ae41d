import { keyMateriality, lesser, type Materiality } from '../../../facts/keys.ts';
import type { RepoReader } from '../../../forge/reader.ts';
import { generate } from '../../../generator/index.ts';
import type { FileChange } from '../../../generator/refresh/report.ts';
import type { GenerateResult } from '../../../generator/result.ts';
import type { Claim, Merge } from './claims.ts';
import { type Documents, onlyDocuments } from './documents.ts';

/** One bullet that a refresh altered. */
export interface Altered {
  readonly path: string;
  readonly key: string;
  readonly kind: 'added' | 'updated' | 'removed';
  readonly before: string | null;
  readonly after: string | null;
  readonly materiality: Materiality;
  /** It reads again as it did before an earlier refresh. */
  readonly back: boolean;
  /** A review pointed at it since the sweep before. */
  readonly flagged: boolean;
}

/** What a sweep proposed, which counts as merged at once. */
export interface Refresh {
  readonly merge: Merge;
  readonly altered: readonly Altered[];
}

/** The files that we would keep in a repository, as if nobody else wrote any for agents. */
export class Ours {
  documents: Documents;
  sweeps = 0;
  /** Sweeps after which other bytes stood in a file, and no bullet had changed. */
  pointless = 0;
  readonly refreshes: Refresh[] = [];
  #ledger: GenerateResult['ledger'];
  readonly #said = new Set<string>();

  private constructor(first: GenerateResult) {
    this.documents = documentsOf(first);
    this.#ledger = first.ledger;
  }

  static async begin(reader: RepoReader): Promise<Ours> {
    return new Ours(await generate(onlyDocuments(reader, new Map()), { fresh: true }));
  }

  in(reader: RepoReader): RepoReader {
    return onlyDocuments(reader, this.documents);
  }

  /** @param claims what reviews said of these files since the sweep before. */
  async sweep(reader: RepoReader, merge: Merge, claims: readonly Claim[]): Promise<void> {
    this.sweeps++;
    const result = await generate(this.in(reader), { fresh: false, ledger: this.#ledger });
    this.#ledger = result.ledger;
    if (result.files.every(({ text, existing }) => text === existing)) return;
    const altered = result.changes.filter(isAltered).map((change) => this.#altered(change, claims));
    for (const { path, key, before } of altered) if (before !== null) this.#said.add([path, key, before].join('\0'));
    this.documents = new Map([...this.documents, ...documentsOf(result)]);
    if (altered.length === 0) this.pointless++;
    else this.refreshes.push({ merge, altered });
  }

  #altered({ path, key, kind, before, after }: FileChange & AlteredKind, claims: readonly Claim[]): Altered {
    // A bullet may speak of a family: `runtime` of `runtime.node` and `runtime.pnpm`.
    const level = keyMateriality(key) === 'low' ? keyMateriality(`${key}.`) : keyMateriality(key);
    return {
      ...{ path, key, kind, before, after },
      materiality: kind === 'added' ? lesser(level) : level,
      back: this.#said.has([path, key, after].join('\0')),
      flagged: before !== null && claims.some((claim) => claim.path === path && claim.quote.includes(before)),
    };
  }
}

interface AlteredKind {
  readonly kind: Altered['kind'];
}

function isAltered(change: FileChange): change is FileChange & AlteredKind {
  return change.kind === 'added' || change.kind === 'updated' || change.kind === 'removed';
}

function documentsOf({ files }: GenerateResult): Documents {
  return new Map(files.map(({ path, text }) => [path, text]));
}
