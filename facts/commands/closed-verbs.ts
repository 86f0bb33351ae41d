/**
 * Programs whose first word is one of a closed set: they have no plugins, no aliases and start no files, so that any
 * other word is an error. Sources: each program's own list of commands, read in 2026; a program that gains verbs often,
 * or takes those of others (git, cargo, docker, kubectl, gh, dotnet, poetry, brew), is not here.
 */
const VERBS: Readonly<Record<string, string>> = {
  // go help
  go: 'bug build clean doc env fix fmt generate get help install list mod work run telemetry test tool version vet',
  // bazel help
  bazel:
    'analyze-profile aquery build canonicalize-flags clean config coverage cquery dump fetch help info license mobile-install mod print_action query run shutdown sync test vendor version',
  // npm help
  npm: `access add add-user adduser audit author bin bugs c cache ci cit clean-install clean-install-test completion config
    create ddp dedupe deprecate diff dist-tag dist-tags docs doctor edit exec explain explore find find-dupes fund get help
    help-search hlep home i ic in info init innit ins inst insta instal install install-ci-test install-clean install-test
    isnt isnta isntal isntall isntall-clean issues it la link list ll ln login logout ls ogr org outdated owner pack ping
    pkg prefix profile prune publish query r rb rebuild remove repo restart rm root rum run run-script s sbom se search set
    show shrinkwrap sit star stars start stop t team test token trust tst udpate un undeprecate uninstall unlink unpublish unstar up
    update upgrade urn v verison version view why whoami x`,
  // uv help
  uv: 'add audit auth build cache export format generate-shell-completion help init lock pip publish python remove run self sync tool tree venv version',
  // ruff help
  ruff: 'analyze check clean config format help linter rule server version',
  // terraform -help, tofu -help
  terraform:
    'apply console destroy fmt force-unlock get graph import init login logout metadata modules output plan providers query refresh show stacks state taint test untaint validate version workspace env push pull rpcapi',
  // flutter help --verbose
  flutter:
    'analyze assemble attach bash-completion build channel clean config create custom-devices daemon debug-adapter devices doctor downgrade drive emulators gen-l10n generate generate-localizations help install ide-config inject-plugins lint logs make-host-app-editable precache pub run screenshot shell-completion symbolize test test-scoop update-packages upgrade widget-preview widget_preview',
  // dart help
  dart: 'analyze build compilation-server compile create development-service devtools doc fix format help info install installed language-server mcp-server pub run test tooling-daemon uninstall',
  // zig help
  zig: 'build fetch init build-exe build-lib build-obj test test-obj run ast-check build-exe fmt reduce translate-c ar cc c++ dlltool lib ranlib objcopy rc env help std libc targets version zen',
  // golangci-lint help
  'golangci-lint': 'cache completion config custom fmt formatters help linters migrate run version',
};

const CLOSED: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(VERBS).map(([program, verbs]) => [program, new Set(verbs.split(/\s+/))]),
);

/** Other names of these programs. */
const SAME: Readonly<Record<string, string>> = { bazelisk: 'bazel', tofu: 'terraform' };

/** Every verb of a program that takes no others; undefined for programs that may. */
export function closedVerbs(program: string): ReadonlySet<string> | undefined {
  return CLOSED.get(SAME[program] ?? program);
}
