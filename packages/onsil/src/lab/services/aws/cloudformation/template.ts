import { parseTemplate } from '../../../../cloudformation/parse.ts';
import type { ParameterDeclaration, Template } from '../../../../cloudformation/template.ts';
import { ProblemsError } from '../../../../region/problem.ts';
import type { Call, Operations } from '../operation.ts';
import { type Structure, text, textOf } from '../value.ts';
import { changeSetOf } from './change-set.ts';
import { invalid, stackArns, stackOf, templateOf } from './input.ts';

export const templateOperations: Operations = {
  GetTemplate: {
    resources: stackArns,
    handle: (input, call) => {
      const changeSet = text(input, 'ChangeSetName');
      const { templateBody } =
        changeSet === undefined
          ? stackOf(call, textOf(input, 'StackName'))
          : changeSetOf(call, changeSet, text(input, 'StackName'));
      // The lab runs no macros: what was given is what is processed.
      return { TemplateBody: templateBody, StagesAvailable: ['Original', 'Processed'] };
    },
  },
  GetTemplateSummary: {
    resources: stackArns,
    handle: async (input, call) => {
      const template = await parsed(input, call);
      const { types, capabilities } = demands(template);
      return {
        Parameters: Object.entries(template.parameters).map(([name, own]) => ({
          ...parameter(name, own),
          ...{ ParameterType: own.type, ParameterConstraints: constraints(own) },
        })),
        ...{ Description: template.description, ...capabilities, ResourceTypes: types },
        Version: '2010-09-09',
        Metadata: metadata(template),
        DeclaredTransforms: template.transforms,
      };
    },
  },
  ValidateTemplate: {
    handle: async (input, call) => {
      const template = await parsed(input, call);
      return {
        Parameters: Object.entries(template.parameters).map(([name, own]) => parameter(name, own)),
        ...{ Description: template.description, ...demands(template).capabilities },
        DeclaredTransforms: template.transforms,
      };
    },
  },
};

/** Throws ValidationError with everything that is wrong, each with its line. */
async function parsed(input: Structure, call: Call): Promise<Template> {
  if (text(input, 'StackSetName') !== undefined) {
    throw invalid('The lab has no stack sets: give StackName, TemplateBody or TemplateURL.');
  }
  const name = text(input, 'StackName');
  const body =
    name === undefined ? await templateOf(input, call) : stackOf(call, name).templateBody;
  try {
    return parseTemplate(body, 'TemplateBody');
  } catch (cause) {
    if (!(cause instanceof ProblemsError)) throw cause;
    const error = invalid(`Template format error: ${cause.message}`);
    error.cause = cause;
    throw error;
  }
}

function parameter(name: string, own: ParameterDeclaration): Structure {
  return {
    ...{ ParameterKey: name, DefaultValue: own.default, NoEcho: own.noEcho },
    Description: own.description,
  };
}

function constraints({ allowedValues }: ParameterDeclaration): Structure {
  return allowedValues === undefined ? {} : { AllowedValues: allowedValues };
}

function metadata({ metadata: own }: Template): string | undefined {
  return Object.keys(own).length === 0 ? undefined : JSON.stringify(own);
}

/** Types whose names somebody may choose; https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-template.html */
const NAMED: Readonly<Record<string, string>> = {
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
};
const IAM = [
  ...Object.keys(NAMED),
  'AWS::IAM::AccessKey',
  'AWS::IAM::Policy',
  'AWS::IAM::UserToGroupAddition',
];

function demands(template: Template) {
  const all = Object.values(template.resources);
  const iam = all.filter(({ type }) => IAM.includes(type));
  const isNamed = iam.some(({ type, properties }) => properties[NAMED[type] ?? ''] !== undefined);
  const capabilities = [
    ...(iam.length === 0 ? [] : [isNamed ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM']),
    ...(template.transforms.length === 0 ? [] : ['CAPABILITY_AUTO_EXPAND']),
  ];
  const iamTypes = [...new Set(iam.map(({ type }) => type))].join(', ');
  const reason = `The following resource(s) require capabilities: [${iamTypes || template.transforms.join(', ')}]`;
  return {
    types: [...new Set(all.map(({ type }) => type))],
    capabilities:
      capabilities.length === 0 ? {} : { Capabilities: capabilities, CapabilitiesReason: reason },
  };
}
