/** Options and arguments that several commands have, and how they are read. */
import { type Command, InvalidArgumentError, Option } from 'commander';

/** Makes a command of the program that is about a lab. */
export type LabCommand = (usage: string, description: string) => Command;

export const json = (): Option => new Option('--json', 'print JSON');

export const labOption = (): Option => new Option('--lab <name>', "the lab's name (the service's)");

export const targetOption = (): Option =>
  new Option('--lab [name]', "a lab's endpoint instead of AWS (the one called as the stack)");

export const example = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;

export const collect = (value: string, previous: readonly string[]): readonly string[] => [
  ...previous,
  value,
];

export const port = (value: string): number => integer(value, 1, 65535, 'a port');
export const milliseconds = (value: string): number => integer(value, 1, 600_000, 'milliseconds');
export const seed = (value: string): number => integer(value, 0, 2 ** 31 - 1, 'a seed');
export const few = (value: string): number => integer(value, 0, 1000, 'a number of ports');
export const hosts = (value: string): number => integer(value, 1, 50, 'a number of hosts');
export const usd = (value: string): number => {
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It is no amount: US dollars, such as 80 or 79.50.');
};
export const count = (value: string): number => integer(value, 0, 1_000_000, 'a number of lines');

function integer(value: string, least: number, most: number, what: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It is no ${what}: a whole number from ${least} to ${most}.`);
}
