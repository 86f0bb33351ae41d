import { describe, expect, it } from 'vitest';
import { unwrap } from '../unwrap.ts';
import { imageCommand, imageTool } from './images.ts';

describe('images whose entry point is a tool', () => {
  it.each([
    ['hadolint/hadolint', 'hadolint'],
    ['hadolint/hadolint:v2.12.0-alpine', 'hadolint'],
    ['ghcr.io/hadolint/hadolint:latest', 'hadolint'],
    ['registry.example.org:5000/koalaman/shellcheck@sha256:abc', 'shellcheck'],
    ['docker://koalaman/shellcheck:stable', 'shellcheck'],
    ['composer:2', 'composer'],
    ['golang:1.25', undefined],
    ['x/hadolint', undefined],
    [`${':'.repeat(100_000)}/`, undefined],
  ])('%s', (image, tool) => {
    expect(imageTool(image)).toBe(tool);
  });

  it('are handed the tool’s arguments, or the tool itself', () => {
    expect(imageCommand('hashicorp/terraform:1.9', 'fmt -check')).toBe('terraform fmt -check');
    expect(imageCommand('hashicorp/terraform:1.9', 'terraform fmt')).toBe('terraform fmt');
    expect(imageCommand('alpine', 'make test')).toBe('make test');
  });

  it.each([
    ['docker run --rm -v /x:/x hashicorp/terraform:1.9 fmt -check', 'terraform fmt -check'],
    ['docker run koalaman/shellcheck --color a.sh', 'shellcheck --color a.sh'],
    ['docker run -i hadolint/hadolint', 'hadolint'],
    ['docker run composer:2 composer install', 'composer install'],
    ['docker run --entrypoint sh composer:2 make', 'make'],
    ['docker run golang:1.25 go test', 'go test'],
  ])('%s runs %s', (line, inner) => {
    const { words, dynamic, contained } = unwrap(line.split(' '));
    expect(words.join(' ')).toBe(inner);
    expect(dynamic).toHaveLength(words.length);
    expect(contained).toBe(true);
  });
});
