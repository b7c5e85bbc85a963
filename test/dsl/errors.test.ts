import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { fleetErrors } from '../../dsl/errors/fleet.ts';
import { runbookErrors } from '../../dsl/errors/runbook.ts';

const read = (folder: string) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
const sources = [...read('dsl'), ...read('dsl/rules'), ...read('adapters')].join('\n');
const used = new Set([...sources.matchAll(/'(FD[12]\d{3})'/g)].map(([, code]) => code!));

describe('the catalogue of errors', () => {
  test('has an entry for every code of a text, and no other', () => {
    expect([...used].sort()).toEqual([...Object.keys(runbookErrors), ...Object.keys(fleetErrors)].sort());
  });
  test('every entry says what and what to do', () => {
    for (const { title, remedy } of Object.values({ ...runbookErrors, ...fleetErrors })) {
      expect(title).not.toBe('');
      expect(remedy).not.toBe('');
    }
  });
});
