import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  BootstraplessSynthesizer,
  type IPolicyValidationPlugin,
  type IStackSynthesizer,
  Validations,
} from 'aws-cdk-lib/core';
import type { Service } from '../config/service.ts';
import { ServiceStack } from './stack.ts';

/** A CloudFormation template as plain data. */
export interface Template {
  readonly Description?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface SynthesizeOptions {
  /**
   * The CDK's own check of the template against the resource schemas: more than a second. Default
   * off; on before a deploy.
   */
  readonly validate?: boolean;
  /** Further checks, e.g. cdk-nag's. A violation throws. */
  readonly plugins?: readonly IPolicyValidationPlugin[];
}

/**
 * The template of a service. Equal services give equal templates, byte for byte: no lookups, no
 * context, no mark of the CDK. Nothing stays on the disk.
 */
export function synthesize(
  service: Service,
  options: SynthesizeOptions = {},
): { readonly template: Template } {
  const outdir = mkdtempSync(join(tmpdir(), 'onsil-synth-'));
  try {
    const app = new App({
      outdir,
      autoSynth: false,
      analyticsReporting: false,
      performanceReporting: false,
      treeMetadata: false,
      stackTraces: false,
      builtinCloudFormationValidation: options.validate ?? false,
    });
    if (options.plugins !== undefined) Validations.of(app).addPlugins(...options.plugins);
    // The assertion: the class does not fit its own interface under exactOptionalPropertyTypes.
    const synthesizer = new BootstraplessSynthesizer() as IStackSynthesizer;
    const stack = new ServiceStack(app, service.name, service, { synthesizer });
    const template: Template = app.synth().getStackByName(stack.stackName).template;
    return { template };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
