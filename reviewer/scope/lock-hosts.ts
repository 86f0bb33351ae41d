/**
 * Where a lock file has packages fetched from: host and port of each address in it that leads to one. Addresses of home pages and of who asks
 * for money stand in lock files as well, and change every day.
 */
export function lockHosts(text: string): ReadonlySet<string> {
  const hosts = new Set<string>();
  // Yarn writes addresses within addresses.
  for (const found of text
    .replaceAll(CRATES, '')
    .replaceAll(/%(?:3A|2F)/gi, decodeURIComponent)
    .matchAll(ADDRESS)) {
    const { key, host, path = '' } = found.groups!;
    if (key !== undefined || ARCHIVE.test(path)) hosts.add(host!.toLowerCase());
  }
  return hosts;
}

/** The name of Rust's own registry, which is no place. */
const CRATES = 'https://github.com/rust-lang/crates.io-index';
/** `"resolved": "https://…`, `source = "registry+https://…`, `remote: git@…`; or the beginning of a line, as in deno.lock. */
const ADDRESS =
  /(?<key>(?:\b(?:resolved|tarball|registry|source|remote|index|location|git)["']?[ \t]{0,9}[:=]?[ \t]{0,9}["'<]?(?:\w{1,20}\+)?|^[ \t]{0,99}["']?))?(?:(?:https?|ssh|git):\/\/(?:[^\s"'@/<>]{0,200}@)?|\bgit@)(?<host>[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::\d{1,5})?)(?<path>[/:][^\s"'<>,)]{0,500})?/gim;
const ARCHIVE =
  /\.(?:tgz|tar\.\w+|tar|zip|whl|crate|gem|jar|nupkg|conda|git)\b|\/(?:zipball|tarball|tar\.gz|simple)\b/i;

/** Where managers fetch from by themselves: a lock file that is new tells nothing by these. */
export const OWN_HOSTS: ReadonlySet<string> = new Set([
  ...['registry.npmjs.org', 'registry.yarnpkg.com', 'jsr.io', 'npm.jsr.io', 'crates.io', 'index.crates.io'],
  ...['proxy.golang.org', 'pypi.org', 'files.pythonhosted.org', 'conda.anaconda.org', 'rubygems.org', 'hex.pm'],
  ...['repo.hex.pm', 'packagist.org', 'repo.packagist.org', 'api.github.com', 'pub.dev', 'pub.dartlang.org'],
  ...['api.nuget.org', 'repo.maven.apache.org', 'plugins.gradle.org', 'registry.terraform.io', 'registry.opentofu.org'],
  ...[
    'cran.r-project.org',
    'cloud.r-project.org',
    'cdn.cocoapods.org',
    'conan.io',
    'center2.conan.io',
    'bcr.bazel.build',
  ],
]);
