#!/usr/bin/env node
// Runs the command line under a Node that reads TypeScript: this one when it is new enough, else the one that
// came with the npm package `node`. Plain JavaScript of the oldest Node that npm itself still supports.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const main = ['main.ts', 'main.js'].map((name) => join(root, 'cli', name)).find((path) => existsSync(path));

/** The binary of the npm package `node`, wherever npm hoisted it to. */
function bundledNode() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    return ['node', 'node.exe'].map((name) => join(folder, 'bin', name)).find((path) => existsSync(path));
  } catch {
    return undefined;
  }
}

const newEnough = Number(process.versions.node.split('.')[0]) >= 24;
const node = newEnough ? process.execPath : bundledNode();
if (node === undefined) {
  console.error(
    `FD7011  firedrill needs Node 24 and this is ${process.versions.node}\n` +
      '        Install it, or run `npm ci` again: the npm package `node` brings it.',
  );
  process.exit(64);
}

const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
// Whoever waits for this process must not see it end before the child has. (In a terminal the child gets Ctrl-C
// by itself as well; it takes signals that come together for one.)
for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 143);
});
