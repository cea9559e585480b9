import { asText, isMap, type Json, type JsonMap, show } from '../region/json.ts';
import { gather, list, ProblemsError, problem, together } from '../region/problem.ts';
import { parseOutput, parseParameter, parseResource } from './declarations.ts';
import { expandLoops, hasLoops } from './for-each.ts';
import type { Template } from './template.ts';
import { TemplateError } from './template-error.ts';
import { readSource } from './yaml.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html */
const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Transform',
  'Resources',
  'Outputs',
];
const VERSION = '2010-09-09';
const LOGICAL_ID = /^[A-Za-z0-9]{1,255}$/;

/**
 * Reads a CloudFormation template in YAML or JSON and checks its form, not its meaning. Throws
 * TemplateError with everything that is wrong, each with line and column. `fileName` is for messages.
 */
export function parseTemplate(text: string, fileName: string): Template {
  const { value, positions } = readSource(text, fileName);
  try {
    if (!isMap(value)) {
      const message = `A template is a map with a Resources section; this is ${show(value)}.`;
      throw problem('', value === null ? 'The template is empty.' : message);
    }
    if (!hasLoops(value)) return { fileName, positions, ...sectionsOf(value) };
    checkLanguageExtensions(value);
    return expanded({ fileName, positions }, value, {});
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    throw new TemplateError({ fileName, positions }, error.problems, { cause: error });
  }
}

/**
 * The template with its loops written out for the values that its parameters have, not for their
 * defaults. Throws TemplateError.
 */
export function withLoopsFor(
  template: Template,
  given: Readonly<Record<string, string>>,
): Template {
  if (template.unexpanded === undefined) return template;
  try {
    return expanded(template, template.unexpanded, given);
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    throw new TemplateError(template, error.problems, { cause: error });
  }
}

function expanded(
  { fileName, positions }: Pick<Template, 'fileName' | 'positions'>,
  unexpanded: JsonMap,
  given: Readonly<Record<string, string>>,
): Template {
  const declared = each(unexpanded, 'Parameters', parseParameter);
  const parameters = Object.fromEntries(
    Object.entries(declared).map(([name, { type, default: own }]) => {
      // Without a value yet: nothing to go over, until there is one.
      const text = given[name] ?? own ?? '';
      const isListType = type === 'CommaDelimitedList' || type.startsWith('List<');
      return [name, isListType ? text.split(',').flatMap((item) => item.trim() || []) : text];
    }),
  );
  const made = expandLoops(unexpanded, { parameters, positions });
  return { fileName, positions: made.positions, unexpanded, ...sectionsOf(made.root) };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-aws-languageextensions.html */
function checkLanguageExtensions(root: JsonMap): void {
  if (transformsOf(root['Transform']).includes('AWS::LanguageExtensions')) return;
  throw problem(
    '',
    'Fn::ForEach needs the transform AWS::LanguageExtensions.',
    'Write Transform: AWS::LanguageExtensions.',
  );
}

function sectionsOf(root: JsonMap): Omit<Template, 'fileName' | 'positions'> {
  const description = root['Description'];
  const sections = {
    metadata: {} as JsonMap,
    parameters: {} as Template['parameters'],
    mappings: {} as Template['mappings'],
    conditions: {} as JsonMap,
    rules: {} as Template['rules'],
    resources: {} as Template['resources'],
    outputs: {} as Template['outputs'],
    transforms: [] as readonly string[],
  };
  // Each step on its own, so that one mistake does not hide those of the other sections.
  together(
    () => checkSections(root),
    () => {
      sections.metadata = sectionOf(root, 'Metadata');
    },
    () => {
      sections.parameters = each(root, 'Parameters', parseParameter);
    },
    () => {
      sections.mappings = each(root, 'Mappings', mapOf, /^[A-Za-z0-9._-]{1,255}$/);
    },
    () => {
      sections.conditions = sectionOf(root, 'Conditions');
    },
    () => {
      sections.rules = each(root, 'Rules', mapOf);
    },
    () => {
      sections.resources = each(root, 'Resources', parseResource);
    },
    () => {
      sections.outputs = each(root, 'Outputs', parseOutput);
    },
    () => {
      sections.transforms = transformsOf(root['Transform']);
    },
  );
  return typeof description === 'string' ? { description, ...sections } : sections;
}

function checkSections(root: JsonMap): void {
  gather(Object.keys(root), (name) => {
    if (SECTIONS.includes(name)) return;
    throw problem(
      name,
      `"${name}" is not a section of a template.`,
      `The sections are ${list(SECTIONS)}.`,
    );
  });
  const version = root['AWSTemplateFormatVersion'] ?? VERSION;
  if (version !== VERSION) {
    const message = `${show(version)} is not a version; the only one is "${VERSION}".`;
    throw problem('AWSTemplateFormatVersion', message);
  }
  const resources = root['Resources'];
  if (resources === undefined || (isMap(resources) && Object.keys(resources).length === 0)) {
    throw problem(
      resources === undefined ? '' : 'Resources',
      'The template has no resources.',
      'Add a Resources section with at least one resource.',
    );
  }
}

/** A section that may be left out or empty. */
function sectionOf(root: JsonMap, name: string): JsonMap {
  return mapOf(root[name] ?? {}, name);
}

function mapOf(value: Json, path: string): JsonMap {
  if (isMap(value)) return value;
  throw problem(path, `${show(value)} is not a map of names to values.`);
}

function each<T>(
  root: JsonMap,
  section: string,
  parse: (value: Json, path: string) => T,
  names = LOGICAL_ID,
): Readonly<Record<string, T>> {
  const entries = gather(Object.entries(sectionOf(root, section)), ([name, value]) => {
    const path = `${section}.${name}`;
    if (name.startsWith('Fn::')) {
      throw problem(path, `${name} is not modelled.`, 'Write out what it makes.');
    }
    if (!names.test(name)) {
      throw problem(path, `"${name}" is not a logical id.`, 'Use letters and digits only.');
    }
    return [name, parse(value, path)] as const;
  });
  return Object.fromEntries(entries);
}

function transformsOf(value: Json | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map((each) =>
    asText(isMap(each) ? (each['Name'] ?? null) : each),
  );
}
