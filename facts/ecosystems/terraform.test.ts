import { describe, expect, it } from 'vitest';
import { memoryRepository } from '../../forge/memory.ts';
import { analyze } from '../index.ts';
import { signalsOf } from '../testing/signals.ts';
import { fixture, told } from '../testing/told.ts';
import { terraform } from './terraform.ts';

async function said(files: Record<string, string>): Promise<readonly string[]> {
  return told((await signalsOf(terraform, files)).signals);
}

/** The first answer to a purpose at the root. */
async function first(purpose: string, files: Record<string, string>): Promise<string | undefined> {
  const { facts } = await analyze(memoryRepository(files), { agentDocs: false });
  return facts.find(({ key, dir }) => dir === '' && key === `command.${purpose}`)?.value;
}

const MODULE = fixture('terraform/module');
const LIVE = fixture('terraform/live');
const BLOCK = 'terraform {\n  required_version = ">= 1.5"\n}\n';

describe('terraform', () => {
  it('a module at the root, with its tests and settings; examples are not its own', async () => {
    expect(await said(MODULE)).toEqual([
      'linter = tflint | .tflint.hcl:1 | config 0',
      'lint: tflint --recursive | .tflint.hcl:6 | convention 0.5',
      'generate: terraform-docs . | .terraform-docs.yml:1 | convention 0',
      'package-manager = terraform | versions.tf:2 | config 3',
      'runtime.terraform = 1.9.8 | .terraform-version:1 | config 2',
      'runtime.terraform = >= 1.6.0 | versions.tf:3 | config 1',
      'formatter = terraform | versions.tf:2 | convention -1',
      'format: terraform fmt -recursive | versions.tf:2 | convention 1',
      'install: terraform init | versions.tf:2 | convention 0',
      'lint: terraform validate | versions.tf:2 | convention -1',
      'typecheck: terraform validate | versions.tf:2 | convention 0',
      'test-framework = terraform test | tests/basin.tftest.hcl:1 | config 0',
      'test: terraform test | versions.tf:2 tests/basin.tftest.hcl:1 | convention 0',
      'test-single: terraform test -filter=<file> | versions.tf:2 tests/basin.tftest.hcl:1 | convention 0',
      'test-framework = terratest in test | test/go.mod:5 | config 0',
      'test: go test ./... in test | test/go.mod:5 | convention -0.5',
      'test-single: go test ./... -run <name> in test | test/go.mod:5 | convention -0.5',
      'workspace = modules/subnet in modules/subnet | modules/subnet/versions.tf:1 | config 0',
    ]);
  });

  it('configurations of several environments: each is worked in, and their modules are not run', async () => {
    expect(await said(LIVE)).toEqual([
      'package-manager = terraform | envs/production/main.tf:1 | config 3',
      'runtime.terraform = ~> 1.8 in envs/production | envs/production/main.tf:2 | config 0',
      'runtime.terraform = ~> 1.9 in envs/staging | envs/staging/main.tf:2 | config 0',
      'runtime.terraform = ~> 1.8 in modules/queue | modules/queue/versions.tf:2 | config 0',
      'formatter = terraform | envs/production/main.tf:1 | convention -1',
      'format: terraform fmt -recursive | envs/production/main.tf:1 | convention 1',
      'install: terraform init in envs/production | envs/production/main.tf:1 | convention 0',
      'lint: terraform validate in envs/production | envs/production/main.tf:1 | convention -1',
      'typecheck: terraform validate in envs/production | envs/production/main.tf:1 | convention 0',
      'install: terraform init in envs/staging | envs/staging/main.tf:1 | convention 0',
      'lint: terraform validate in envs/staging | envs/staging/main.tf:1 | convention -1',
      'typecheck: terraform validate in envs/staging | envs/staging/main.tf:1 | convention 0',
      'workspace = envs/production in envs/production | envs/production/main.tf:1 | config 0',
      'workspace = envs/staging in envs/staging | envs/staging/main.tf:1 | config 0',
      'workspace = modules/queue in modules/queue | modules/queue/versions.tf:1 | config 0',
    ]);
  });

  it('a collection of modules: one is looked at by its name', async () => {
    const files = { 'modules/a/main.tf': BLOCK, 'modules/b/main.tf': `${BLOCK}provider "x" {}\n` };
    expect((await said(files)).filter((line) => /^(?:install|lint|typecheck|runtime)/.test(line))).toEqual([
      'runtime.terraform = >= 1.5 | modules/a/main.tf:2 | config 1',
      'install: terraform -chdir=modules/<name> init -backend=false | modules/a/main.tf:1 | convention -1',
      'lint: terraform -chdir=modules/<name> validate | modules/a/main.tf:1 | convention -1',
      'typecheck: terraform -chdir=modules/<name> validate | modules/a/main.tf:1 | convention -1',
    ]);
  });

  it('OpenTofu is what its version file says', async () => {
    const files = { 'main.tf': BLOCK, '.opentofu-version': '1.9.0\n' };
    expect(await said(files)).toEqual([
      'package-manager = opentofu | main.tf:1 | config 3',
      'runtime.opentofu = 1.9.0 | .opentofu-version:1 | config 2',
      'runtime.opentofu = >= 1.5 | main.tf:2 | config 1',
      'formatter = tofu | main.tf:1 | convention -1',
      'format: tofu fmt -recursive | main.tf:1 | convention 1',
      'format: tofu fmt | main.tf:1 | convention 0.5',
      'install: tofu init | main.tf:1 | convention 0',
      'lint: tofu validate | main.tf:1 | convention -1',
      'typecheck: tofu validate | main.tf:1 | convention 0',
    ]);
  });

  it('Terragrunt: root.hcl goes with the new names of its commands', async () => {
    const root = '# Terragrunt settings for all units\nremote_state {}\n';
    const unit = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n';
    const found = await said({ 'root.hcl': root, 'prod/db/terragrunt.hcl': unit, '.terragrunt-version': '0.75.0\n' });
    expect(found).toEqual([
      'build-system = terragrunt | root.hcl:1 | config 0',
      'runtime.terragrunt = 0.75.0 | .terragrunt-version:1 | config 0',
      'format: terragrunt hcl fmt | root.hcl:1 | convention -1',
      'lint: terragrunt run --all validate | root.hcl:1 | convention -2',
      'install: terragrunt run --all init | root.hcl:1 | convention -2',
      'package-manager = terragrunt | root.hcl:1 | config 3',
    ]);
    const old = await said({ 'terragrunt.hcl': root, 'prod/db/terragrunt.hcl': unit });
    expect(old).toContain('format: terragrunt hclfmt | terragrunt.hcl:1 | convention -1');
  });

  it('the infrastructure of an application is said for its folder', async () => {
    const files = {
      'package.json': '{}',
      'a.ts': '',
      'b.ts': '',
      'infra/main.tf': `${BLOCK}\nprovider "aws" {}\n`,
      'examples/infra/main.tf': `${BLOCK}\nprovider "aws" {}\n`,
    };
    expect(await said(files)).toEqual([
      'package-manager = terraform in infra | infra/main.tf:1 | config 0',
      'format: terraform fmt -recursive in infra | infra/main.tf:1 | convention 0',
      'install: terraform init in infra | infra/main.tf:1 | convention 0',
      'lint: terraform validate in infra | infra/main.tf:1 | convention -1',
      'runtime.terraform = >= 1.5 in infra | infra/main.tf:2 | config 0',
    ]);
  });

  it('the engine: the task comes before the tool, and what applies does not install', async () => {
    expect(await first('format', LIVE)).toBe('make fmt');
    expect(await first('install', { ...LIVE, 'main.tf': BLOCK })).toBe('terraform init');
    const { facts } = await analyze(memoryRepository(LIVE));
    expect(facts.map(({ value }) => value)).not.toContain('make bootstrap');
  });

  it('the engine: what keeps a pipeline from asking is not typed by people', async () => {
    const files = {
      ...MODULE,
      '.github/workflows/ci.yml':
        'on: pull_request\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: terraform init -input=false -no-color\n      - run: terraform fmt -check -recursive\n      - run: tflint --init\n',
    };
    expect(await first('install', files)).toBe('terraform init');
    expect(await first('format', files)).toBe('terraform fmt -recursive');
    expect(await first('lint', files)).toBe('tflint --recursive');
    expect(await first('test', files)).toBe('terraform test');
  });

  it.each([
    ['a comment', '/*\nterraform {\n  required_version = "1.0"\n}\n*/\n# terraform {\n// terraform {\n'],
    ['a here-document', 'locals {\n  text = <<-EOT\nterraform {\n  required_version = "1.0"\n}\nEOT\n}\n'],
    ['a text', 'locals {\n  text = "\\"terraform {"\n}\n'],
    ['nothing', ''],
    ['a block inside a block', 'x {\n  terraform {\n  }\n}\n'],
  ])('the terraform block is code: not in %s', async (_, text) => {
    expect(await said({ 'main.tf': text })).toEqual([]);
  });

  it('half a file gives what it has; a computed version is none', async () => {
    expect(await said({ 'main.tf': 'terraform {\r\n  required_version = "~> 1.9"\r\n  backend "s3" {' })).toContain(
      'runtime.terraform = ~> 1.9 | main.tf:2 | config 1',
    );
    expect((await said({ 'main.tf': 'terraform {\n  required_version = "${local.v}"\n}\n' })).join()).not.toContain(
      'runtime',
    );
  });

  it.each(['x\ny', '-chdir', '$(id)', 'a;b'])('the folder %j is left out', async (name) => {
    const lines = await said({ 'main.tf': BLOCK, 'net/main.tf': BLOCK, [`${name}/main.tf`]: BLOCK });
    expect(lines.filter((line) => line.startsWith('workspace'))).toEqual([
      'workspace = net in net | net/main.tf:1 | config 0',
    ]);
  });

  it('a long line is data', async () => {
    const files = { 'main.tf': `locals { x = "${'{"'.repeat(50_000)}" }\n${BLOCK}` };
    expect(await said(files)).toContain('install: terraform init | main.tf:2 | convention 0');
  });
});
