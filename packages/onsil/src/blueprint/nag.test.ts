import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { App, Stack, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, onTestFinished, test } from 'vitest';
import { accept } from './acknowledged.ts';
import { synthesize } from './synthesize.ts';
import { serviceOf } from './test-support.ts';

test('AwsSolutions finds nothing that is not acknowledged with a reason', () => {
  expect(() => synthesize(serviceOf(), { plugins: [new AwsSolutionsChecks()] })).not.toThrow();
});

/** The same plug-in on a group that is open to everyone. */
function synthesizeOpenGroup(acknowledge: boolean): void {
  const outdir = mkdtempSync(join(tmpdir(), 'onsil-nag-'));
  onTestFinished(() => rmSync(outdir, { recursive: true }));
  const app = new App({ outdir, autoSynth: false, builtinCloudFormationValidation: false });
  Validations.of(app).addPlugins(new AwsSolutionsChecks());
  const stack = new Stack(app, 'Open');
  const group = new CfnSecurityGroup(stack, 'Group', {
    groupDescription: 'open',
    vpcId: 'vpc-1',
    securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' }],
  });
  if (acknowledge) accept(group, 'EC23', 'control of this test');
  app.synth();
}

test('the control: it does report, and only an acknowledgement silences it', () => {
  expect(() => synthesizeOpenGroup(false)).toThrow('AwsSolutions-EC23');
  expect(() => synthesizeOpenGroup(true)).not.toThrow();
});
