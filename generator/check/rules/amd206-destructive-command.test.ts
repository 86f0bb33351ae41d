import { describe, expect, it } from 'vitest';
import { found, told } from '../testing/fixtures.ts';
import { destructiveCommand } from './amd206-destructive-command.ts';

const inBlock = (command: string): string => `\`\`\`sh\n${command}\n\`\`\`\n`;

describe('AMD206 destructive-command', () => {
  it.each([
    'rm -rf /',
    'sudo rm -rf /*',
    'rm -r -f ~',
    'rm -rf "$HOME"',
    'rm -fr --no-preserve-root /',
    'git push --force origin main',
    'git push -f origin master',
    'git push origin +main',
    'dd if=a.iso of=/dev/sda',
    'mkfs.ext4 /dev/sda1',
    'chmod -R 777 /',
  ])('is sure of %s', async (command) => {
    expect(await found(destructiveCommand, inBlock(command))).toMatchObject([{ severity: 'error', line: 2 }]);
  });

  it.each([
    'git push --force',
    'curl -fsSL https://get.somewhere.dev/install | sh',
    'wget -qO- https://somewhere.dev/x | sudo bash',
    'terraform destroy -auto-approve',
  ])('warns of %s', async (command) => {
    expect(await found(destructiveCommand, inBlock(command))).toMatchObject([{ severity: 'warning', line: 2 }]);
  });

  it.each([
    'rm -rf node_modules dist',
    'rm -rf ./build /tmp/cache',
    'rm -rf ~/.cache/tool',
    'rm -rf "$HOME/.npm"',
    'rm -f /',
    'git push origin main',
    'git push --force-with-lease',
    'git push --force origin <branch>',
    'git push -f origin feature/x',
    'curl --proto "=https" -sSf https://sh.rustup.rs | sh',
    'curl -LsSf https://astral.sh/uv/install.sh | sh',
    'curl https://api.somewhere.dev/x | jq .',
    'terraform destroy',
  ])('is silent about %s', async (command) => {
    expect(await told(destructiveCommand, inBlock(command))).toEqual([]);
  });

  it.each([
    'Never run `git push --force origin main`.',
    'Do not `rm -rf /`.',
    '- ❌ `git push -f origin main`',
    'Ask for permission before you run `git push --force`.',
    'Commands such as `rm -rf ~` are blocked by the sandbox.',
    'Never do this:\n\n```sh\nrm -rf /\n```',
    'Avoid `curl https://somewhere.dev/x | sh`.',
  ])('is silent where it says %s', async (text) => {
    expect(await told(destructiveCommand, `${text}\n`)).toEqual([]);
  });
});
