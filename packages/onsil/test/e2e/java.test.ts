/**
 * `runtime: 'java'`: a jar in the place of the example's API, as the article's service was. Its lab
 * is then deployed to and destroyed like AWS: `--lab` with real machines behind the endpoints.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../src/lab/process.ts';
import { tracesOf } from './support/host-state.ts';
import { labCommands, onsil, parseEvents, ROOT, statusOf, succeed } from './support/onsil.ts';
import { type Folder, folderWith } from './support/project.ts';
import { ask } from './support/site.ts';
import { until } from './support/until.ts';

const LAB = 'javademo';
const { exec, down } = labCommands(LAB);

/** No framework: what is proved is the way from a jar to an answer. */
const SERVER = `
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

public class Server {
  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(System.getenv("PORT"));
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.createContext("/api/health", exchange -> {
      byte[] body = health().getBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
  }

  static String health() throws java.io.IOException {
    String password = Files.readString(Path.of(System.getenv("DATABASE_PASSWORD_FILE"))).trim();
    String host = System.getenv("DATABASE_HOST");
    boolean database;
    try (Socket socket = new Socket(host, 3306)) {
      database = socket.isConnected();
    }
    return String.format(
        "{\\"runtime\\":\\"java %s\\",\\"instance\\":\\"%s\\",\\"user\\":\\"%s\\",\\"password\\":%d,\\"database\\":%b}",
        System.getProperty("java.specification.version"),
        InetAddress.getLocalHost().getHostName(),
        System.getProperty("user.name"),
        password.length(),
        database);
  }
}
`;

const config = (more = ''): string => `
import { defineService } from 'onsil';

export default defineService({
  name: 'javademo',
  domain: 'javademo.example',
  web: { source: ${JSON.stringify(join(ROOT, 'examples/everydaehwa/web'))} },
  api: { source: './app.jar', runtime: 'java', instances: 1 },
  ${more}
});
`;

let project: Folder;
let site = '';
const health = async () => {
  const { status, body } = await ask(site, '/api/health');
  return status === 200 ? JSON.parse(body) : status;
};

beforeAll(async () => {
  project = await folderWith({ 'src/Server.java': SERVER, 'onsil.config.ts': config() });
  const options = { cwd: project.path };
  await run('javac', ['--release', '17', '-d', 'classes', 'src/Server.java'], options);
  // The same bytes each time: layers are keyed on what the instances run.
  const date = '--date=2024-01-01T00:00:00Z';
  const jar = ['--create', '--file=app.jar', '--main-class=Server', date, '-C', 'classes', '.'];
  await run('jar', jar, options);
  await down();
  const events = parseEvents(await succeed(['up', '--json'], options));
  expect(events.at(-1)).toMatchObject({ kind: 'ready' });
  site = (await statusOf(LAB)).site ?? '';
});

afterAll(async () => {
  await down();
  await project[Symbol.asyncDispose]();
});

test('the jar answers through the whole path, with the database behind it', async () => {
  const hostname = (await exec('api-1', 'hostname')).stdout.trim();
  expect(await health()).toEqual({
    ...{ runtime: 'java 17', instance: hostname, user: 'api', password: 32, database: true },
  });
  const url = 'https://javademo.example/api/health';
  const stranger = await exec('internet', 'curl', '--silent', '--max-time', '10', url);
  expect(JSON.parse(stranger.stdout)).toEqual(await health());
});

test('the page is served beside it', async () => {
  const page = await ask(site, '/');
  expect(page.status).toBe(200);
  expect(page.body).toContain('<html lang="ko"');
});

test('it is started again when it dies', async () => {
  const pid = async () =>
    (await exec('api-1', 'systemctl', 'show', '--property=MainPID', 'api')).stdout;
  const before = await pid();
  expect(before).toMatch(/^MainPID=[1-9]/);
  await exec('api-1', 'systemctl', 'kill', '--signal=KILL', 'api');
  const answer = await until('another process', health, (found) => typeof found === 'object');
  expect(answer).toMatchObject({ runtime: 'java 17' });
  expect(await pid()).not.toBe(before);
});

const deploying = (...words: readonly string[]) => onsil(words, { cwd: project.path });

/** The boot of every machine, by its name. */
async function boots(): Promise<Readonly<Record<string, string>>> {
  const { instances } = await statusOf(LAB);
  const ids = instances.map(async ({ name }) => {
    const { stdout } = await exec(name, 'cat', '/proc/sys/kernel/random/boot_id');
    return [name, stdout.trim()] as const;
  });
  return Object.fromEntries(await Promise.all(ids));
}

test('a deploy to the lab of what is up there already is nothing to do', async () => {
  const before = await boots();
  const { code, stdout, stderr } = await deploying('deploy', '--lab', '--yes');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('javademo → ap-northeast-2 (lab javademo)');
  expect(stdout).toContain('nothing to do in ');
  expect(await boots()).toEqual(before);
});

test('a change is told by diff, and deployed to the one machine that it is about', async () => {
  await writeFile(join(project.path, 'onsil.config.ts'), config("sizes: { web: 't4g.small' },"));
  const before = await boots();
  const told = await deploying('diff', '--lab', '--json');
  expect(told.code).toBe(0);
  const { changes, reachability } = JSON.parse(told.stdout);
  // Whether a type needs other hardware is known to AWS alone.
  const change = expect.objectContaining({ logicalId: 'WebInstance', kind: 'may replace' });
  expect(changes).toEqual([change]);
  expect(reachability.exposed).toEqual([]);

  const { code, stdout, stderr } = await deploying('deploy', '--lab', '--yes', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ outcome: 'deployed' });
  const { web, ...others } = await boots();
  const { web: former, ...same } = before;
  expect(others).toEqual(same);
  expect(web).not.toBe(former);
  expect(await health()).toMatchObject({ runtime: 'java 17', database: true });
  const page = await until(
    'the page',
    () => ask(site, '/'),
    ({ status }) => status === 200,
  );
  expect(page.body).toContain('<html lang="ko"');
});

test('destroy ends every machine, and the lab is there without them', async () => {
  const { code, stdout, stderr } = await deploying('destroy', '--lab', '--yes');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('The stack javademo is deleted.');
  const { instances } = await statusOf(LAB);
  expect(instances).toEqual([]);
  const left = (await tracesOf([LAB])).filter((trace) => /systemd-nspawn|\/i-0|^loop/.test(trace));
  expect(left).toEqual([]);
});
