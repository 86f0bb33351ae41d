import { joined, onlyWith, type ToolInputs, type ToolMapping, wrapped } from './mapping.ts';

/** Tasks of Azure Pipelines whose input is a script, and the input that names it. */
export const TASK_SCRIPTS: ReadonlyMap<string, { readonly input: string; readonly shell: 'sh' | 'windows' }> = new Map([
  ['cmdline', { input: 'script', shell: 'sh' }],
  ['bash', { input: 'script', shell: 'sh' }],
  ['powershell', { input: 'script', shell: 'windows' }],
]);

/**
 * Tasks of Azure Pipelines by their name in lower case, without the version.
 * https://learn.microsoft.com/azure/devops/pipelines/tasks/reference
 */
export const TASK_TOOLS: ReadonlyMap<string, ToolMapping> = new Map<string, ToolMapping>([
  ['dotnetcorecli', { command: dotnet, dirInput: 'workingDirectory' }],
  ['npm', { command: npm, dirInput: 'workingDir' }],
  ['npmauthenticate', { command: () => undefined }],
  ['yarn', { command: (inputs) => joined('yarn', inputs.with('arguments')), dirInput: 'projectDirectory' }],
  ['maven', { command: (inputs) => wrapped('mvn', inputs, inputs.with('goals') || 'package') }],
  [
    'gradle',
    { command: (inputs) => wrapped('gradle', inputs, inputs.with('tasks') || 'build'), dirInput: 'workingDirectory' },
  ],
  ['ant', { command: (inputs) => joined('ant', inputs.with('targets')) }],
  ['go', { command: go, dirInput: 'workingDirectory' }],
  ['cmake', { command: (inputs) => joined('cmake', inputs.with('cmakeArgs') || '..'), dirInput: 'workingDirectory' }],
  ['gulp', { command: (inputs) => joined('gulp', inputs.with('targets')), dirInput: 'workingDirectory' }],
  ['grunt', { command: (inputs) => joined('grunt', inputs.with('targets')), dirInput: 'workingDirectory' }],
  [
    'pythonscript',
    {
      command: (inputs) => onlyWith('python', joined(inputs.with('scriptPath'), inputs.with('arguments'))),
      dirInput: 'workingDirectory',
    },
  ],
  [
    'shellscript',
    { command: (inputs) => onlyWith('bash', joined(inputs.with('scriptPath'), inputs.with('args'))), dirInput: 'cwd' },
  ],
  [
    'bash',
    {
      command: (inputs) => onlyWith('bash', joined(inputs.with('filePath'), inputs.with('arguments'))),
      dirInput: 'workingDirectory',
    },
  ],
  ['vsbuild', { command: (inputs) => onlyWith('msbuild', inputs.with('solution').replace(/\*\*[\\/]/, '')) }],
  ['msbuild', { command: (inputs) => onlyWith('msbuild', inputs.with('solution').replace(/\*\*[\\/]/, '')) }],
  [
    'nugetcommand',
    { command: (inputs) => (['', 'restore'].includes(inputs.with('command')) ? 'nuget restore' : undefined) },
  ],
  [
    'terraformtaskv4',
    { command: (inputs) => onlyWith('terraform', inputs.with('command')), dirInput: 'workingDirectory' },
  ],
  [
    'terraformcli',
    { command: (inputs) => onlyWith('terraform', inputs.with('command')), dirInput: 'workingDirectory' },
  ],
]);

function dotnet(inputs: ToolInputs): string | undefined {
  const command = inputs.with('command') || 'build';
  if (command === 'custom') return onlyWith('dotnet', joined(inputs.with('custom'), inputs.with('arguments')));
  if (command === 'push') return undefined;
  // A pattern stands for all projects of a kind, which is what the command does by itself in the solution's folder.
  const projects = inputs.with('projects').replaceAll('\\', '/');
  return joined('dotnet', command, /[*;\s$]/.test(projects) ? '' : projects, inputs.with('arguments'));
}

function npm(inputs: ToolInputs): string | undefined {
  const command = inputs.with('command') || 'install';
  if (command === 'custom') return onlyWith('npm', inputs.with('customCommand'));
  return command === 'publish' ? undefined : `npm ${command}`;
}

function go(inputs: ToolInputs): string | undefined {
  const command = inputs.with('command') || 'get';
  if (command === 'custom') return onlyWith('go', joined(inputs.with('customCommand'), inputs.with('arguments')));
  return joined('go', command, inputs.with('arguments'));
}
