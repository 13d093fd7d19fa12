import { join, resolve } from 'node:path';
import {
  defaultDataDirectory,
  makeUser,
  readUsers,
  SHORTEST_PASSWORD,
  type UserRole,
  writeUsers,
} from '@weir/collector/reading';
import { Command, Option } from 'commander';
import { UsageError, WeirError } from './error.js';
import { newPassword } from './password.js';

interface FileOptions {
  readonly data?: string;
  readonly usersFile?: string;
}

/** `weir user`: who may log in to the pages by name. */
export function userCommand(): Command {
  return new Command('user')
    .description("Users of the collector's pages: changes count at once, also for a collector that runs.")
    .addCommand(addCommand())
    .addCommand(removeCommand())
    .addCommand(listCommand());
}

function addCommand(): Command {
  return withFile('add')
    .description(
      `Add a user, or give one another password and role. The password (${SHORTEST_PASSWORD} characters or more) is asked for, or is the first line of standard input.`,
    )
    .argument('<name>')
    .addOption(
      new Option('--role <choice>', 'viewer may look, operator may change, too')
        .choices(['viewer', 'operator'])
        .default('viewer'),
    )
    .action(async (name: string, options: FileOptions & { role: UserRole }) => {
      const file = fileOf(options);
      const users = readUsers(file);
      const user = await makeUser(name, options.role, await newPassword(name));
      const others = users.filter(other => other.name !== name);
      writeUsers(file, [...others, user]);
      const done = others.length < users.length ? 'changed' : 'added';
      process.stdout.write(`${done} ${user.role} ${name} in ${file}\n`);
    });
}

function removeCommand(): Command {
  return withFile('remove')
    .description('Remove a user, whose sessions end at once.')
    .argument('<name>')
    .action((name: string, options: FileOptions) => {
      const file = fileOf(options);
      const users = readUsers(file);
      const others = users.filter(user => user.name !== name);
      if (others.length === users.length) {
        throw new WeirError(`there is no user "${name}" in ${file}; "weir user list" says who is there`);
      }
      writeUsers(file, others);
      process.stdout.write(`removed ${name} from ${file}\n`);
    });
}

function listCommand(): Command {
  return withFile('list')
    .description('List the users and their roles.')
    .action((options: FileOptions) => {
      for (const { name, role } of readUsers(fileOf(options))) process.stdout.write(`${name}\t${role}\n`);
    });
}

function withFile(name: string): Command {
  return new Command(name)
    .option('--data <directory>', 'data directory of the collector; the file is "users" in it')
    .option('--users-file <file>', "the collector's users-file, where it has another");
}

function fileOf({ data, usersFile }: FileOptions): string {
  if (data !== undefined && usersFile !== undefined)
    throw new UsageError('--data and --users-file exclude one another');
  return resolve(usersFile ?? join(data ?? defaultDataDirectory(), 'users'));
}
