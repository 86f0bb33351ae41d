import type { ToolRow } from '../tool-rule.ts';

/** Tools of infrastructure: Terraform, Helm, containers, serverless. */
export const INFRASTRUCTURE_TOOLS: readonly ToolRow[] = [
  ['terraform init', { install: 0.8 }],
  ['terraform fmt', { format: 1 }, { checks: ['-check', '-diff'] }],
  ['terraform validate', { lint: 0.7 }],
  ['terraform test', { test: 1 }],
  ['tflint', { lint: 1 }],
  ['helm lint', { lint: 1 }],
  ['helm unittest', { test: 1 }],
  ['ct lint', { lint: 1 }],
  ['ct install', { test: 0.6 }],
  ['docker build', { build: 0.35 }],
  ['docker compose build', { build: 0.3 }],
  ['docker compose up', { run: 0.6 }],
  ['docker-compose up', { run: 0.5 }],
];
