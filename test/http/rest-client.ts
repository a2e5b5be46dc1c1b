/**
 * Reads `.http` files by the rules of VS Code's REST Client, as far as the battery uses them: blocks between `###`, comments, file variables,
 * named requests and what later ones take from them, `{{$guid}}`, `< file`.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const COMMENT = /^\s*(#|\/{2})/;
const FILE_VARIABLE = /^\s*@([^\s=]+)\s*=\s*(.*?)\s*$/;
const REQUEST_NAME = /^\s*#+\s+@name\s+(\S+)\s*$/m;

export interface HttpRequest {
  readonly title: string;
  readonly name: string | undefined;
  /** Statuses of its `# answers …`. */
  readonly statuses: readonly number[];
  readonly times: number;
  readonly lines: readonly string[];
}

interface Exchange {
  readonly request: { readonly body: string };
  readonly response: { readonly body: string };
}

/** A value in JSON by a path such as `$.data[0].id`. */
function valueAt(text: string, path: string): string {
  const steps = path.match(/[^.[\]"$]+/g) ?? [];
  let value: unknown = JSON.parse(text);
  for (const step of steps) value = (value as Record<string, unknown>)[step];
  return String(value);
}

export class HttpFile {
  readonly requests: readonly HttpRequest[];
  private readonly variables = new Map<string, string>();
  private readonly exchanges = new Map<string, Exchange>();

  /** @param given what the reader fills in: prompts, and file variables that are changed */
  constructor(
    private readonly path: string,
    private readonly given: Readonly<Record<string, string>>,
  ) {
    const lines = readFileSync(path, 'utf8').split('\n');
    for (const line of lines) {
      const [, name, value] = FILE_VARIABLE.exec(line) ?? [];
      if (name !== undefined) this.variables.set(name, value!);
    }
    const starts = lines.flatMap((line, index) => (/^#{3,}/.test(line) ? [index] : []));
    this.requests = starts.map((start, index) => {
      const block = lines.slice(start, starts[index + 1]);
      const text = block.join('\n');
      const rest = block.filter((line) => !COMMENT.test(line));
      while (rest[0]?.trim() === '') rest.shift();
      while (rest.at(-1)?.trim() === '') rest.pop();
      return {
        title: block[0]!.replace(/^#+\s*/, ''),
        name: REQUEST_NAME.exec(text)?.[1],
        statuses: /^# answers (.+)$/m.exec(text)![1]!.split(' or ').map(Number),
        times: Number(/^# send this (\d+) times$/m.exec(text)?.[1] ?? 1),
        lines: rest,
      };
    });
  }

  /** Sends one request and answers its status. */
  async send({ name, lines }: HttpRequest): Promise<{ status: number; body: string }> {
    const blank = lines.findIndex((line) => line.trim() === '');
    const head = (blank === -1 ? lines : lines.slice(0, blank)).map((line) => this.resolved(line));
    const [method, url] = head[0]!.split(' ') as [string, string];
    const headers = Object.fromEntries(
      head.slice(1).map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
    );
    const isForm = /multipart/.test(headers['Content-Type'] ?? '');
    const body = blank === -1 ? undefined : this.bodyOf(lines.slice(blank + 1), isForm ? '\r\n' : '\n');
    const response = await fetch(url, { method, headers, body });
    const text = await response.text();
    if (name) this.exchanges.set(name, { request: { body: body?.toString() ?? '' }, response: { body: text } });
    return { status: response.status, body: text };
  }

  private bodyOf(lines: readonly string[], lineEnd: string): Buffer {
    const parts = lines.flatMap((line, index) => {
      const file = /^<\s+(.+?)\s*$/.exec(line)?.[1];
      const content =
        file === undefined ? Buffer.from(this.resolved(line)) : readFileSync(resolve(dirname(this.path), file));
      return index === lines.length - 1 ? [content] : [content, Buffer.from(lineEnd)];
    });
    return Buffer.concat(parts);
  }

  private resolved(text: string): string {
    return text.replace(/\{\{(.+?)\}\}/g, (_, expression: string) => this.valueOf(expression));
  }

  private valueOf(expression: string): string {
    if (expression === '$guid') return randomUUID();
    const [, name, side, path] = /^(\w+)\.(request|response)\.body\.(\$.+)$/.exec(expression) ?? [];
    if (name !== undefined) {
      const exchange = this.exchanges.get(name);
      if (!exchange) throw new Error(`${name} was not sent yet`);
      return valueAt(exchange[side as keyof Exchange].body, path!);
    }
    if (expression in this.given) return this.given[expression]!;
    const value = this.variables.get(expression);
    if (value === undefined) throw new Error(`there is no ${expression}`);
    return this.resolved(value);
  }
}
