import { describe, expect, it } from 'vitest';
import type { GitlabHosts } from './location.ts';
import { dirOf, isPlaced, placementOf } from './placement.ts';

const HOSTS: GitlabHosts = new Map([
  ['gitlab.x.io', { subpath: '' }],
  ['git.corp', { subpath: '/gitlab' }],
]);
const BRANCHES: Readonly<Record<string, string>> = { 'gitlab.x.io/g/rel': 'release/1.x' };
const defaultBranch = (host: string, path: string) => BRANCHES[`${host}/${path}`] ?? 'main';
const U = 'url:https://gitlab.x.io';

interface Written {
  readonly slug?: string;
  readonly id?: string;
  readonly instance?: string;
  readonly source?: string;
  readonly managed?: string;
  readonly orphan?: string;
}

function annotations({ slug, id, instance, source, managed, orphan }: Written): Record<string, string> {
  const all = {
    'gitlab.com/project-slug': slug,
    'gitlab.com/project-id': id,
    'gitlab.com/instance': instance,
    'backstage.io/source-location': source,
    'backstage.io/managed-by-location': managed,
    'backstage.io/orphan': orphan,
  };
  return Object.fromEntries(Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

/** `host project dir via`, or the reason there is none. */
function shown(
  written: Written,
  settings: Parameters<typeof placementOf>[1] = { hosts: HOSTS, defaultBranch },
): string {
  const found = placementOf(annotations(written), settings);
  if (!isPlaced(found)) return found.reason;
  const project = 'id' in found.project ? `#${found.project.id}` : found.project.path;
  return `${found.host} ${project} '${found.dir}' ${found.via}`;
}

describe('placementOf', () => {
  it.each<[string, Written, string]>([
    ['slug only', { slug: 'g/s/p' }, "gitlab.x.io g/s/p '' slug"],
    ['slug and instance', { slug: 'g/p', instance: 'git.corp' }, "git.corp g/p '' slug"],
    ['an empty slug opts out', { slug: '', managed: `${U}/g/p/-/blob/main/catalog-info.yaml` }, 'opted-out'],
    ['id only', { id: '1234' }, "gitlab.x.io #1234 '' id"],
    [
      'automatic source-location: blob with a slash',
      { source: `${U}/g/m/-/blob/main/services/a/` },
      "gitlab.x.io g/m 'services/a' source-location",
    ],
    [
      'tree of a folder',
      { source: `${U}/g/m/-/tree/main/services/a/` },
      "gitlab.x.io g/m 'services/a' source-location",
    ],
    ['tree of the root', { source: `${U}/g/m/-/tree/main/` }, "gitlab.x.io g/m '' source-location"],
    ['a bare project', { source: `${U}/g/s/m/` }, "gitlab.x.io g/s/m '' source-location"],
    ['a bare .git', { source: `${U}/g/s/m.git` }, "gitlab.x.io g/s/m '' source-location"],
    ['old address without /-/', { source: `${U}/g/m/tree/main/x/` }, "gitlab.x.io g/m 'x' source-location"],
    [
      'a branch with a slash',
      { source: `${U}/g/rel/-/blob/release/1.x/svc/a/` },
      "gitlab.x.io g/rel 'svc/a' source-location",
    ],
    [
      'a managed-by file',
      { managed: `${U}/g/m/-/blob/main/services/b/catalog-info.yaml` },
      "gitlab.x.io g/m 'services/b' managed-by-location",
    ],
    [
      'an instance below a path',
      { source: 'url:https://git.corp/gitlab/g/p/-/blob/main/' },
      "git.corp g/p '' source-location",
    ],
    ['GitHub', { source: 'url:https://github.com/o/r/' }, 'elsewhere'],
    ['a local file', { managed: 'file:/x/catalog-info.yaml' }, 'nowhere'],
    ['a bootstrap location', { managed: 'bootstrap:bootstrap' }, 'nowhere'],
    [
      "a filler's slug against an explicit source-location",
      {
        slug: 'platform/catalog',
        source: `${U}/g/real/-/tree/main/`,
        managed: `${U}/platform/catalog/-/blob/main/all.yaml`,
      },
      "gitlab.x.io g/real '' source-location",
    ],
    [
      'a slug that disagrees with both',
      {
        slug: 'g/human',
        source: `${U}/platform/catalog/-/blob/main/`,
        managed: `${U}/platform/catalog/-/blob/main/all.yaml`,
      },
      "gitlab.x.io g/human '' slug",
    ],
  ])('%s', (_, written, expected) => {
    expect(shown(written)).toBe(expected);
  });

  it.each<[string, Written, string]>([
    ['an instance that is not configured', { slug: 'g/p', instance: 'other.host' }, 'elsewhere'],
    ['an instance with a scheme', { slug: 'g/p', instance: 'https://gitlab.x.io' }, "gitlab.x.io g/p '' slug"],
    [
      'an instance with scheme and subpath',
      { slug: 'g/p', instance: 'https://git.corp/gitlab/' },
      "git.corp g/p '' slug",
    ],
    ['an instance in capitals', { slug: 'g/p', instance: 'GIT.corp' }, "git.corp g/p '' slug"],
    ['an id that is no number', { id: 'abc' }, 'unreadable'],
    ['an id of 0', { id: '0' }, 'unreadable'],
    ['.git with a slash', { source: `${U}/g/s/m.git/` }, "gitlab.x.io g/s/m '' source-location"],
    [
      'an old address of a file',
      { source: `${U}/g/m/blob/main/x/catalog-info.yaml` },
      "gitlab.x.io g/m 'x' source-location",
    ],
    [
      'an old address of a file in the root',
      { managed: `${U}/g/m/blob/main/catalog-info.yaml` },
      "gitlab.x.io g/m '' managed-by-location",
    ],
    ['a broken escape', { source: `${U}/g/m/-/tree/main/100%/` }, 'unreadable'],
    ['an orphan', { slug: 'g/p', orphan: 'true' }, 'orphan'],
    ['not an orphan', { slug: 'g/p', orphan: 'false' }, "gitlab.x.io g/p '' slug"],
    ['an empty id opts out, whatever the slug', { slug: 'g/p', id: '' }, 'opted-out'],
    ['a slug of one part', { slug: 'p' }, 'unreadable'],
    ['a slug that climbs', { slug: 'g/../p' }, 'unreadable'],
    ['a slug with blanks and .git', { slug: ' /g/p.git ' }, "gitlab.x.io g/p '' slug"],
    [
      'a slug takes its folder from the address of the same project',
      { slug: 'G/m', source: `${U}/g/M/-/tree/main/a/` },
      "gitlab.x.io G/m 'a' slug",
    ],
    [
      'a slug takes its host from the address of the same project',
      { slug: 'g/p', managed: 'url:https://git.corp/gitlab/g/p/-/blob/main/a.yaml' },
      "git.corp g/p '' slug",
    ],
    [
      "a filler's slug on another host than the source",
      {
        slug: 'g/p',
        source: `${U}/g/real/-/tree/main/`,
        managed: 'url:https://git.corp/gitlab/g/p/-/blob/main/a.yaml',
      },
      "gitlab.x.io g/real '' source-location",
    ],
    ['a group with the name of a view', { source: `${U}/raw/tools/` }, "gitlab.x.io raw/tools '' source-location"],
    ['a branch and no more', { source: `${U}/g/p/-/blob/main` }, "gitlab.x.io g/p '' source-location"],
    ['slug before id', { slug: 'g/p', id: '7' }, "gitlab.x.io g/p '' slug"],
    [
      'a source elsewhere is not the place of its catalog file',
      { source: 'url:https://github.com/o/r/', managed: `${U}/g/c/-/blob/main/all.yaml` },
      'elsewhere',
    ],
    [
      'another application on the host of an instance below a path',
      { source: 'url:https://git.corp/wiki/g/p' },
      'elsewhere',
    ],
    ['no web address', { source: 'url:gitlab' }, 'unreadable'],
    ['a group, no project', { source: `${U}/g/` }, 'unreadable'],
    ['a page that is no view of files', { source: `${U}/g/p/-/issues/3` }, "gitlab.x.io g/p '' source-location"],
    [
      'a query and an escape',
      { source: `${U}/g/p/-/tree/main/a%20b?ref_type=heads` },
      "gitlab.x.io g/p 'a b' source-location",
    ],
    ['dots that climb', { source: `${U}/g/p/-/tree/main/a/../../../../../../x` }, 'unreadable'],
    [
      'a name of a view inside',
      { source: `${U}/g/p/-/tree/main/raw/tree/` },
      "gitlab.x.io g/p 'raw/tree' source-location",
    ],
    [
      'a blob without a slash is a file',
      { source: `${U}/g/p/-/blob/main/a/b.yaml` },
      "gitlab.x.io g/p 'a' source-location",
    ],
    ['nothing at all', {}, 'nowhere'],
  ])('%s', (_, written, expected) => {
    expect(shown(written)).toBe(expected);
  });

  it('a branch with a slash that is not known is split again when it is', () => {
    const found = placementOf(annotations({ source: `${U}/g/rel/-/blob/release/1.x/svc/a/` }), { hosts: HOSTS });
    if (!isPlaced(found)) throw new Error(found.because);
    expect(found.dir).toBe('1.x/svc/a');
    expect(dirOf(found, 'release/1.x')).toBe('svc/a');
    expect(dirOf(found, 'release/2.x')).toBe('1.x/svc/a');
    expect(dirOf(found, null)).toBe('1.x/svc/a');
    const root = placementOf(annotations({ managed: `${U}/g/rel/-/blob/release/1.x/catalog-info.yaml` }), {
      hosts: HOSTS,
    });
    expect(isPlaced(root) && dirOf(root, 'release/1.x')).toBe('');
  });

  it('knows a host by its name where it is configured with a port', () => {
    const hosts: GitlabHosts = new Map([['gitlab.x.io:8443', { subpath: '' }]]);
    expect(shown({ slug: 'g/p', instance: 'gitlab.x.io' }, { hosts })).toBe("gitlab.x.io:8443 g/p '' slug");
    expect(shown({ source: 'url:https://gitlab.x.io:8443/g/p' }, { hosts })).toBe(
      "gitlab.x.io:8443 g/p '' source-location",
    );
  });

  it('says what was wrong, in words', () => {
    expect(placementOf(annotations({ id: 'abc' }), { hosts: HOSTS })).toEqual({
      reason: 'unreadable',
      because: 'gitlab.com/project-id is no number: abc',
    });
    expect(placementOf(annotations({ source: 'url:https://github.com/o/r/' }), { hosts: HOSTS })).toEqual({
      reason: 'elsewhere',
      because: 'github.com',
    });
  });
});
