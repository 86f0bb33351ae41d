import { type GitRun, git } from './git.ts';

/** Bytes of what git said; where they are more, all is forgotten. */
const MOST = 64 << 20;

/**
 * What git says of objects, whose ids are what they hold: asked again, of whichever repository, it need not run. Only for
 * questions about full ids that the repository is known to hold.
 */
export class ObjectCache {
  readonly #answers = new Map<string, Promise<Buffer>>();
  #bytes = 0;

  /** @param args name objects by their full ids alone. */
  async ask(gitDir: string, args: readonly string[], run: GitRun = {}): Promise<Buffer> {
    const key = JSON.stringify([args, run.input?.toString() ?? '', run.env ?? {}]);
    const known = this.#answers.get(key);
    if (known) return known;
    const asking = git(gitDir, args, run);
    this.#answers.set(key, asking);
    const forget = (): void => void this.#answers.delete(key);
    const answer = await asking.catch((error: unknown) => {
      forget();
      throw error;
    });
    this.#bytes += answer.length;
    if (this.#bytes > MOST) {
      this.#answers.clear();
      this.#bytes = 0;
    }
    // A partial clone may lack what another repository has.
    if (answer.includes(' missing\n')) forget();
    return answer;
  }
}
