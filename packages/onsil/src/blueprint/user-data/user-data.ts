import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { part } from './text.ts';

export interface Script {
  /** The host's name. */
  readonly host: string;
  /** Bash, run between the common beginning and end; empty ones are left out. */
  readonly parts: readonly string[];
  /** Set at the head of the script. Values may be CDK tokens; they hold no quote. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Twelve hexadecimal digits that change exactly when the script does. The signal's URL is no part of
 * it: the logical id of what gives the URL carries this.
 */
export function revision(scope: Construct, script: Script): string {
  const resolved: unknown = Stack.of(scope).resolve([script.variables, body(script)]);
  return createHash('sha256').update(JSON.stringify(resolved)).digest('hex').slice(0, 12);
}

/** The whole user data of a host; contains CDK tokens in its head only. */
export function userData(scope: Construct, script: Script, signalUrl: string): string {
  const variables = {
    HOST: script.host,
    REVISION: revision(scope, script),
    SIGNAL_URL: signalUrl,
    ...script.variables,
  };
  const head = Object.entries(variables).map(([name, value]) => `readonly ${name}='${value}'`);
  return ['#!/bin/bash', ...head, body(script), ''].join('\n');
}

function body(script: Script): string {
  const parts = [part('begin.sh'), ...script.parts, part('end.sh')];
  return parts.filter((text) => text !== '').join('\n\n');
}
