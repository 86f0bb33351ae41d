import { isNegated } from '../../documents/negation.ts';
import { spansOf } from '../../documents/spans.ts';
import { partOf } from '../piece.ts';
import type { Rule } from '../rule.ts';

/** Folders of one person on one machine. `~/.config/tool` is everybody's. */
const HOME =
  /(?<![\w.:/\\~-])(?:file:\/\/)?(?:\/(?:Users|home)\/(?<unix>[A-Za-z][\w.-]{0,40})|[A-Za-z]:[\\/]{1,2}Users[\\/]{1,2}(?<windows>[A-Za-z][\w. -]{0,40}))(?=[\\/])[^\s"'`<>|:;,()[\]]{0,200}/g;

/** Names that stand for whoever reads, and accounts that images and runners come with. */
const NOBODY =
  /^(?:you|your[\w-]*|user(?:s|name|_name)?|my[\w-]*|me|name|someone|somebody|anyone|foo|bar|baz|x+|test(?:er|user)?|example|demo|dev(?:eloper|el)?|admin|guest|default|public|shared|owner|home|alice|bob|carol|eve|mallory|joe|jane|john(?:[._-]?doe)?|jdoe|doe|runner(?:admin)?|ubuntu|debian|ec2-user|centos|fedora|vagrant|vscode|node|circleci|gitpod|codespace|coder|jovyan|jenkins|travis|builder|build|app|appuser|agent|git|gitlab-runner|postgres|root|nonroot|linuxbrew|pi|opam|rust|go|python|ruby|php|www-data|nginx|airflow|spark|hadoop|container|docker|podman|nix(?:os)?|core|azureuser|cloudshell-user|sandbox|claude|codex|oai|worker|service|ci|bot|project|workspace|repo)$/i;

/** What lies on one person's disk is nowhere else. */
export const absoluteOrHomePath: Rule = {
  id: 'AMD311',
  name: 'absolute-or-home-path',
  severity: 'warning',
  title: 'A document names a path in the home folder of one person.',
  why: 'It exists on one machine only: commands fail for everybody else, and it tells a name.',
  source: 'https://agents.md/',
  *check(document) {
    for (const span of spansOf(document)) {
      if (span.kind === 'html') continue;
      for (const match of span.text.matchAll(HOME)) {
        const { unix, windows } = match.groups!;
        const { piece, place } = partOf(span, match.index, match[0].length);
        if (NOBODY.test((unix ?? windows)!.trim()) || isNegated(place)) continue;
        yield {
          at: piece,
          severity: 'warning',
          message: 'this path exists on one machine only: write it from the root of the repository, or as $HOME/…',
        };
      }
    }
  },
};
