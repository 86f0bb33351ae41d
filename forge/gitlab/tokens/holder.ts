import type { ForgeError } from '../../errors.ts';
import type { Token } from './token.ts';

/**
 * One token over its life: read when it is first needed, read again once when GitLab refuses it (it may have been
 * rotated), and from then on never sent again. GitLab bans an address for an hour after 30 refused tokens in three
 * minutes (doc/security/rate_limits.md).
 */
export class TokenHolder {
  readonly #read: () => Promise<Token>;
  readonly #renewable: boolean;
  #current: Promise<Token> | undefined;
  #live: Token | undefined;
  #renewed = false;
  #worked = false;
  #refusal: ForgeError | undefined;

  /** @param renewable whether reading again can give another one: of files and commands, not of the environment. */
  constructor(read: () => Promise<Token>, renewable: boolean) {
    this.#read = read;
    this.#renewable = renewable;
  }

  /** @throws {ForgeError} `unauthorized`: it cannot be read, or was refused before. */
  async get(): Promise<Token> {
    if (this.#refusal) throw this.#refusal;
    this.#current ??= this.#load();
    const token = await this.#current;
    if (this.#refusal) throw this.#refusal;
    return token;
  }

  /** Whether it still may be sent. */
  isLive(token: Token): boolean {
    return this.#live === token && this.#refusal === undefined;
  }

  /** Whether GitLab ever took it. */
  get hasWorked(): boolean {
    return this.#worked;
  }

  accepted(token: Token): void {
    if (this.#live !== token) return;
    this.#worked = true;
    this.#renewed = false;
  }

  /**
   * GitLab refused it. Holds from the moment of the call on, before anything is awaited.
   * @returns whether there is another token now.
   */
  async refused(token: Token, refusal: ForgeError): Promise<boolean> {
    if (this.#live === token) {
      this.#live = undefined;
      if (!this.#renewable || this.#renewed) this.#refusal = refusal;
      else this.#current = this.#renew(token, refusal);
    }
    if (this.#refusal) return false;
    await this.#current?.catch(() => undefined);
    return this.#refusal === undefined;
  }

  async #load(): Promise<Token> {
    this.#live = await this.#read();
    return this.#live;
  }

  async #renew(old: Token, refusal: ForgeError): Promise<Token> {
    this.#renewed = true;
    const fresh = await this.#read().catch(() => old);
    if (fresh.equals(old)) this.#refusal = refusal;
    else this.#live = fresh;
    return fresh;
  }
}
