import type { ToolRow } from '../tool-rule.ts';

const js = { language: 'javascript' } as const;

const VALUES = ['-f', '--values', '--set', '--set-string', '--set-file', '--kube-version', '-n', '--namespace'];
const CT_DROPS = /^--(?:target-branch|since|remote|chart-repos|debug|github-groups|print-config)(?:=|$)/;
const CT_VALUES = [
  ...['--target-branch', '--since', '--remote', '--chart-repos'],
  ...['--config', '--charts', '--chart-dirs', '--excluded-charts', '--lint-conf', '--chart-yaml-schema'],
  ...['--helm-extra-args', '--helm-lint-extra-args', '--helm-repo-extra-args', '--namespace', '--build-id'],
];

/** Tools of Helm and of Kubernetes manifests. `helm install` and `helm test` act on a cluster: they answer nothing. */
const KUBERNETES_TOOLS: readonly ToolRow[] = [
  ...['dependency', 'dep', 'dependencies'].flatMap((noun): ToolRow[] => [
    [`helm ${noun} update`, { install: 1 }],
    [`helm ${noun} up`, { install: 1 }],
    [`helm ${noun} build`, { install: 0.95 }],
  ]),
  ['helm lint', { lint: 1 }, { values: VALUES }],
  [
    'helm unittest',
    { test: 1 },
    {
      values: ['-f', '--file', '-v', '--values', '-t', '--output-type', '-o', '--output-file'],
      drops: /^(?:-t|-o|--output-type|--output-file|--strict|--with-subchart)(?:=|$)/,
    },
  ],
  ['helm template', { build: 0.6, generate: 0.3 }, { values: VALUES }],
  ['helm package', { build: 0.6 }, { values: ['-d', '--destination', '--version', '--app-version'] }],
  ['helm-docs', { generate: 1 }, { values: ['-c', '--chart-search-root', '-t', '--template-files', '-o', '-s'] }],
  ['helm schema', { generate: 0.8 }, { values: ['-k', '-c', '-o', '-f'] }],
  ['helm-schema', { generate: 0.8 }, { values: ['-k', '-c', '-o', '-f'] }],
  ['ct lint', { lint: 1 }, { values: CT_VALUES, drops: CT_DROPS }],
  ['ct install', { test: 0.6 }, { values: CT_VALUES, drops: CT_DROPS }],
  ['ct lint-and-install', { lint: 0.6, test: 0.6 }, { values: CT_VALUES, drops: CT_DROPS }],
  ['ah lint', { lint: 0.3 }],
  ['helmfile lint', { lint: 0.8 }],
  ['helmfile template', { build: 0.6 }],
  ['kubeconform', { lint: 0.4 }],
  ['kubeval', { lint: 0.4 }],
  ['kube-linter lint', { lint: 0.5 }],
  ['kube-score score', { lint: 0.4 }],
  ['pluto detect-files', { lint: 0.2 }],
  ['kustomize build', { build: 0.6 }],
  ['kubectl kustomize', { build: 0.6 }],
  ['chainsaw test', { test: 0.6 }],
  ['kuttl test', { test: 0.6 }],
];

/** What keeps a run without a terminal from asking. */
const RUN_ONLY = /^-(?:input=false|no-color|get(?:=true)?|lock=false|lock-timeout=.*|reconfigure)$/;

/** Tools of Terraform, OpenTofu and Terragrunt. `plan` and `apply` act on an account: they answer nothing. */
const TERRAFORM_TOOLS: readonly ToolRow[] = [
  ...['terraform', 'tofu'].flatMap((program): ToolRow[] => [
    [`${program} init`, { install: 0.8 }, { values: ['-backend-config'], drops: RUN_ONLY }],
    [
      `${program} fmt`,
      { format: 1 },
      { checks: ['-check', '--check', '-check=true', '-diff', '-write=false', '-list=false'] },
    ],
    [`${program} validate`, { lint: 0.7, typecheck: 0.7 }, { drops: RUN_ONLY }],
    [`${program} test`, { test: 1 }, { values: ['-test-directory', '-var-file'], drops: RUN_ONLY }],
  ]),
  ['terraform-docs', { generate: 1 }, { values: ['-c', '--config'], broad: ['.', './', 'markdown', 'table'] }],
  ['tflint', { lint: 1 }, { fixes: ['--fix'], values: ['--chdir', '-c', '--config', '-f', '--format', '--filter'] }],
  ['tflint --init', {}],
  ['tfsec', { lint: 0.4 }, { broad: ['.'] }],
  ['checkov', { lint: 0.4 }, { values: ['-d', '--directory', '--framework', '--config-file', '-o'] }],
  ['trivy config', { lint: 0.3 }, { broad: ['.'] }],
  ['terrascan scan', { lint: 0.3 }],
  ['terragrunt hcl fmt', { format: 1 }, { checks: ['--check', '--diff'] }],
  ['terragrunt hclfmt', { format: 1 }, { checks: ['--terragrunt-check', '--terragrunt-diff'] }],
  ['terragrunt hcl validate', { lint: 0.7 }],
  ['terragrunt hclvalidate', { lint: 0.7 }],
  ['terragrunt init', { install: 0.7 }],
  ['terragrunt validate', { lint: 0.6 }],
  ['terragrunt run-all init', { install: 0.8 }],
  ['terragrunt run-all validate', { lint: 0.7 }],
  ['terragrunt run --all init', { install: 0.8 }],
  ['terragrunt run --all validate', { lint: 0.7 }],
  ['packer init', { install: 0.6 }],
  ['packer fmt', { format: 0.7 }, { checks: ['-check', '-diff'] }],
  ['packer validate', { lint: 0.6 }],
  ['opa test', { test: 0.8 }],
  ['opa fmt', { format: 0.7 }, { writes: ['-w', '--write'] }],
  ['opa check', { typecheck: 0.6 }],
  ['regal lint', { lint: 0.8 }],
  ['conftest verify', { test: 0.6 }],
  ['conftest test', { lint: 0.4 }],
];

const BUILD = {
  values: ['-f', '--file', '-t', '--tag', '--target', '--build-arg', '--platform', '--cache-from', '--cache-to'],
  drops: /^--(?:cache-from|cache-to|pull|push|load|provenance|sbom)(?:=|$)/,
  broad: ['.'],
};

/** Containers never build better than the language's own tool does. */
const CONTAINER_TOOLS: readonly ToolRow[] = [
  ['docker build', { build: 0.35 }, BUILD],
  ['docker buildx build', { build: 0.35 }, BUILD],
  ['docker buildx bake', { build: 0.4 }],
  ['docker bake', { build: 0.4 }],
  ['docker compose build', { build: 0.3 }],
  ['docker-compose build', { build: 0.3 }],
  ['podman build', { build: 0.3 }, BUILD],
  ['docker compose up', { run: 0.6 }],
  ['docker-compose up', { run: 0.5 }],
  ['podman compose up', { run: 0.4 }],
  ['container-structure-test test', { test: 0.6 }],
];

/** Runtimes at the edge and in the cloud: what runs on the own machine. */
const SERVERLESS_TOOLS: readonly ToolRow[] = [
  ['sam build', { build: 1 }, { values: ['-t', '--template', '--template-file'] }],
  ['sam validate', { lint: 0.7 }, { values: ['-t', '--template', '--template-file', '--region'] }],
  ['sam local start-api', { run: 1 }],
  ['sam local start-lambda', { run: 0.6 }],
  ['cfn-lint', { lint: 0.9 }],
  ['serverless package', { build: 0.8 }, { ...js, values: ['--stage', '-s', '--region', '-r'] }],
  ['sls package', { build: 0.8 }, { ...js, values: ['--stage', '-s', '--region', '-r'] }],
  ['serverless offline', { run: 1 }, { ...js, values: ['--stage', '-s'] }],
  ['sls offline', { run: 1 }, { ...js, values: ['--stage', '-s'] }],
  ['cdk synth', { build: 0.9 }, { ...js, values: ['-c', '--context', '-a', '--app'] }],
  ['wrangler pages dev', { run: 0.9 }, js],
  ['wrangler types', { generate: 0.8 }, js],
  ['wrangler deploy --dry-run', { build: 0.6 }, { ...js, values: ['--outdir', '-e', '--env', '-c', '--config'] }],
  ['netlify dev', { run: 0.9 }, js],
  ['netlify build', { build: 0.6 }, js],
  ['vercel dev', { run: 0.8 }, js],
  ['vercel build', { build: 0.5 }, js],
  ['firebase emulators:start', { run: 0.9 }, { ...js, values: ['--only', '--project', '-P', '--import'] }],
  ['func start', { run: 1 }],
  ['func host start', { run: 1 }],
  ['sst dev', { run: 0.9 }, js],
  ['pulumi install', { install: 0.6 }],
];

const ANSIBLE_TOOLS: readonly ToolRow[] = [
  ['ansible-galaxy install', { install: 1 }, { values: ['-r', '--role-file', '-p', '--roles-path'] }],
  ['ansible-galaxy collection install', { install: 0.95 }, { values: ['-r', '--requirements-file', '-p'] }],
  ['ansible-lint', { lint: 1 }, { fixes: ['--fix', '--write'], values: ['-c', '--config-file'] }],
  ['ansible-test sanity', { lint: 0.8 }],
  ['ansible-test units', { test: 1 }],
  ['ansible-playbook --syntax-check', { lint: 0.5 }],
  ['molecule test', { test: 1 }, { values: ['-s', '--scenario-name'] }],
];

/** Deployments. */
const ACTING_TOOLS: readonly ToolRow[] = [
  ...['terraform', 'tofu', 'terragrunt', 'terragrunt run-all', 'terragrunt run --all'].flatMap((program) => [
    `${program} apply`,
    `${program} destroy`,
  ]),
  ...['helm install', 'helm upgrade', 'helmfile apply', 'helmfile sync', 'kubectl apply', 'kubectl create'],
  ...['cdk deploy', 'sam deploy', 'serverless deploy', 'sls deploy', 'pulumi up', 'firebase deploy', 'sst deploy'],
  ...['wrangler deploy', 'wrangler publish', 'fly deploy', 'flyctl deploy', 'netlify deploy', 'vercel deploy'],
].map((words): ToolRow => [words, {}, { acts: true }]);

/** Tools of infrastructure: Helm, Terraform, containers, serverless, Ansible. */
export const INFRASTRUCTURE_TOOLS: readonly ToolRow[] = [
  ...KUBERNETES_TOOLS,
  ...TERRAFORM_TOOLS,
  ...CONTAINER_TOOLS,
  ...SERVERLESS_TOOLS,
  ...ANSIBLE_TOOLS,
  ...ACTING_TOOLS,
];
