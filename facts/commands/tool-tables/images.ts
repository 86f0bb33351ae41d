/**
 * Container images whose entry point is a tool: what follows the image in `docker run image ...`, and what a pipeline
 * hands to a container of it, are the tool's arguments. By name without registry and version; the tool as it is typed.
 */
const IMAGE_TOOLS: ReadonlyMap<string, string> = new Map([
  ['hashicorp/terraform', 'terraform'],
  ['opentofu/opentofu', 'tofu'],
  ['alpine/terragrunt', 'terragrunt'],
  ['alpine/helm', 'helm'],
  ['helmunittest/helm-unittest', 'helm unittest'],
  ['jnorwood/helm-docs', 'helm-docs'],
  ['koalaman/shellcheck', 'shellcheck'],
  ['koalaman/shellcheck-alpine', 'shellcheck'],
  ['mvdan/shfmt', 'shfmt'],
  ['hadolint/hadolint', 'hadolint'],
  ['rhysd/actionlint', 'actionlint'],
  ['cytopia/yamllint', 'yamllint'],
  ['pipelinecomponents/yamllint', 'yamllint'],
  ['davidanson/markdownlint-cli2', 'markdownlint-cli2'],
  ['bufbuild/buf', 'buf'],
  ['goreleaser/goreleaser', 'goreleaser'],
  ['astral-sh/ruff', 'ruff'],
  ['biomejs/biome', 'biome'],
  ['tmknom/prettier', 'prettier'],
  ['jauderho/prettier', 'prettier'],
  ['composer', 'composer'],
  ['library/composer', 'composer'],
  ['phpstan/phpstan', 'phpstan'],
  ['vimeo/psalm', 'psalm'],
  ['norionomura/swiftlint', 'swiftlint'],
  ['realm/swiftlint', 'swiftlint'],
  ['terraform-linters/tflint', 'tflint'],
  ['cypress/included', 'cypress run'],
  ['squidfunk/mkdocs-material', 'mkdocs'],
]);

/** The tool that is an image's entry point: `ghcr.io/x/y:1.2` is `x/y`. */
export function imageTool(image: string): string | undefined {
  if (image.length > 300) return undefined;
  const name = image
    .replace(/@sha256:.*$/, '')
    .replace(/:[^/]*$/, '')
    .replace(/^(?:docker:\/\/)?(?:[\w-]+(?:\.[\w-]+)+(?::\d+)?\/)?/, '')
    .toLowerCase();
  return IMAGE_TOOLS.get(name);
}

/** The command that a container of an image runs when it is given these words; the words alone where it is no tool's. */
export function imageCommand(image: string, words: string): string {
  const tool = imageTool(image);
  if (tool === undefined) return words;
  const program = tool.split(' ')[0]!;
  return words.split(/\s+/)[0]?.replace(/^.*\//, '') === program ? words : `${tool} ${words}`.trim();
}
