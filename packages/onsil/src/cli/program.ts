/** Every command with its options, help and examples. The work is imported when it is asked for. */
import { Command } from 'commander';
import { deployCommands } from './program/deploy.ts';
import { imageCommands } from './program/image.ts';
import { insideCommands } from './program/inside.ts';
import { labCommands } from './program/lab.ts';
import { newCommand } from './program/new.ts';
import { example, labOption } from './program/options.ts';
import { questionCommands } from './program/questions.ts';

/** The tool's version, as in its package.json. */
export const VERSION = '0.1.0';

/** Global outcome of a command that failed in its own way without an error to print. */
export interface Result {
  exitCode: number;
}

export function buildProgram(result: Result): Command {
  const program = new Command('onsil')
    .description('Runs the infrastructure of a small service on this machine, with real packets.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ getOutHelpWidth: () => 80, getErrHelpWidth: () => 80 })
    .configureHelp({ subcommandTerm: (command) => termOf(command) })
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .addHelpText(
      'after',
      example(
        'onsil up                          start the lab of this folder',
        'onsil probe internet database:3306  does one real connection get through?',
        'onsil ssh api-1                   log in through the bastion',
        'onsil down                        leave nothing behind',
      ),
    );
  const command = (usage: string, description: string): Command =>
    program.command(usage).description(description).exitOverride().addOption(labOption());
  program.commandsGroup('A new service:');
  newCommand(program);
  program.commandsGroup('The lab:');
  labCommands(command, result);
  program.commandsGroup('In a running lab:');
  insideCommands(command, result);
  program.commandsGroup('Questions about a template or an account, without a lab or root:');
  questionCommands(program, result);
  program.commandsGroup('AWS:');
  deployCommands(program, result);
  program.commandsGroup('Images:');
  imageCommands(program, result);
  return program;
}

/** The command with its arguments; that it has options goes without saying. */
const termOf = (command: Command): string => {
  const words = command.registeredArguments.map((each) =>
    each.required ? `<${each.name()}>` : `[${each.name()}]`,
  );
  return [command.name(), ...words].join(' ');
};
