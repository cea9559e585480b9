/**
 * Reads the properties of a resource as leniently as CloudFormation does (numbers and booleans as
 * text, one object where a list is expected) and remembers what was read, so that every property
 * that no code asked for is reported by name.
 */
import { asText, isList, isMap, type Json, type JsonMap, show } from '../json.ts';
import { list, type Problem, ProblemsError } from '../problem.ts';
import type { Table, Tags } from '../region.ts';

export class Properties {
  /** e.g. `Resources.Nat.Properties`. */
  readonly path: string;
  readonly #value: JsonMap;
  readonly #read = new Set<string>();
  readonly #children: Properties[] = [];
  readonly #problems: Problem[];

  constructor(value: JsonMap, path: string, problems: Problem[] = []) {
    this.#value = value;
    this.path = path;
    this.#problems = problems;
  }

  has(name: string): boolean {
    return this.#value[name] !== undefined;
  }

  /** Any value, as it is. */
  json(name: string): Json | undefined {
    this.#read.add(name);
    return this.#value[name];
  }

  text(name: string): string | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (isMap(value) || isList(value) || value === null) {
      this.report(name, `${show(value)} is not a text.`);
      return undefined;
    }
    return String(value);
  }

  /** A text that must be there; reported and empty where it is not. */
  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === '') {
      if (!this.has(name) || value === '') this.report(name, 'This property is required.');
      return '';
    }
    return value;
  }

  /** A whole number. */
  number(name: string): number | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    const text = asText(value);
    if (!/^-?[0-9]{1,15}$/.test(text)) {
      this.report(name, `${show(value)} is not a whole number.`);
      return undefined;
    }
    return Number(text);
  }

  /** A whole number that must be there and in range; reported, and `least`, where it is not. */
  requiredNumber(name: string, least: number, most: number): number {
    const value = this.number(name);
    if (!this.has(name)) {
      this.report(name, `This property is required: a number from ${least} to ${most}.`);
    } else if (value !== undefined && (value < least || value > most)) {
      this.report(name, `${value} is out of range; ${least} to ${most} is allowed.`);
    }
    return value ?? least;
  }

  boolean(name: string): boolean | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    const text = isMap(value) || isList(value) ? '' : String(value).toLowerCase();
    if (text === 'true' || text === '1') return true;
    if (text === 'false' || text === '0') return false;
    this.report(name, `${show(value)} is not true or false.`);
    return undefined;
  }

  oneOf<const T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((choice) => choice === value);
    if (found === undefined) this.report(name, `${show(value)} is none of ${list(allowed)}.`);
    return found;
  }

  /** A list of texts; one text stands for a list of one. Empty where absent. */
  texts(name: string): readonly string[] {
    return this.#items(name).flatMap((item, index) => {
      if (!isMap(item) && !isList(item) && item !== null) return [String(item)];
      this.report(`${name}[${index}]`, `${show(item)} is not a text.`);
      return [];
    });
  }

  /** Nested properties; nothing where absent. */
  group(name: string): Properties | undefined {
    const value = this.json(name);
    if (value === undefined) return undefined;
    if (isMap(value)) return this.#child(value, `${this.path}.${name}`);
    this.report(name, `${show(value)} is not a group of properties.`);
    return undefined;
  }

  /** A list of nested properties; one group stands for a list of one. Empty where absent. */
  groups(name: string): readonly Properties[] {
    const single = !isList(this.#value[name]);
    return this.#items(name).flatMap((item, index) => {
      const place = single ? name : `${name}[${index}]`;
      if (isMap(item)) return [this.#child(item, `${this.path}.${place}`)];
      this.report(place, `${show(item)} is not a group of properties.`);
      return [];
    });
  }

  /** `Tags` as a list of Key and Value, or as a map. */
  tags(name = 'Tags'): Tags {
    const value = this.#value[name];
    if (isMap(value) && value['Key'] === undefined) {
      this.#read.add(name);
      return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, asText(text)]));
    }
    return Object.fromEntries(
      this.groups(name).map((tag) => {
        tag.ignore('PropagateAtLaunch');
        return [tag.requiredText('Key'), tag.text('Value') ?? ''];
      }),
    );
  }

  /** The thing that a property refers to. Fails where there is none. */
  reference<T>(name: string, table: Table<T>, noun: string): T {
    const id = this.requiredText(name);
    const found = table[id];
    if (found === undefined) {
      if (id === '') this.check();
      this.fail(name, unknown(id, table, noun));
    }
    return found;
  }

  /** The things that a list refers to; those that are not there are reported. */
  references<T>(name: string, table: Table<T>, noun: string): readonly T[] {
    return this.texts(name).flatMap((id, index) => {
      const found = table[id];
      if (found !== undefined) return [found];
      this.report(`${name}[${index}]`, unknown(id, table, noun));
      return [];
    });
  }

  /**
   * The same properties on top of others, name by name. What the others have is not reported as
   * unread: it was where they were given.
   */
  withDefaults(defaults: JsonMap): Properties {
    const merged = this.#child({ ...defaults, ...this.#value }, this.path);
    merged.ignore(...this.#read);
    this.ignore(...Object.keys(this.#value));
    merged.ignore(...Object.keys(defaults).filter((name) => !this.has(name)));
    return merged;
  }

  /**
   * Others in the place of these, for something made beside the resource: problems of them are
   * noted here, and none of them is unread.
   */
  derived(value: JsonMap): Properties {
    return new Properties(value, this.path, this.#problems);
  }

  /** Known, and without effect on anything that onsil shows: not reported. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#read.add(name);
  }

  /** Notes a problem of a property and goes on. */
  report(name: string, message: string, hint?: string): void {
    this.#note('error', name, message, hint);
  }

  /** Notes something that will not be wholly as on AWS. */
  warn(name: string, message: string, hint?: string): void {
    this.#note('warning', name, message, hint);
  }

  /** Throws the problem together with all noted before. */
  fail(name: string, message: string, hint?: string): never {
    this.report(name, message, hint);
    throw new ProblemsError(this.#errors());
  }

  /** Throws the problems noted so far, if any. To be called before anything is made. */
  check(): void {
    const errors = this.#errors();
    if (errors.length > 0) throw new ProblemsError(errors);
  }

  get warnings(): readonly Problem[] {
    return this.#problems.filter(({ severity }) => severity === 'warning');
  }

  /** Paths of the properties that nobody asked for, nested ones too. */
  unread(): readonly string[] {
    const own = Object.keys(this.#value).filter((name) => !this.#read.has(name));
    return [
      ...own.map((name) => `${this.path}.${name}`),
      ...this.#children.flatMap((child) => child.unread()),
    ];
  }

  #items(name: string): readonly Json[] {
    const value = this.json(name);
    if (value === undefined || value === null) return [];
    return isList(value) ? value : [value];
  }

  #child(value: JsonMap, path: string): Properties {
    const child = new Properties(value, path, this.#problems);
    this.#children.push(child);
    return child;
  }

  #errors(): readonly Problem[] {
    return this.#problems.filter(({ severity }) => severity === 'error');
  }

  #note(severity: Problem['severity'], name: string, message: string, hint?: string): void {
    const path = name === '' ? this.path : `${this.path}.${name}`;
    this.#problems.push({ severity, path, message, ...(hint === undefined ? {} : { hint }) });
  }
}

function unknown(id: string, table: Table<unknown>, noun: string): string {
  return `${show(id)} is no ${noun} of this region; it has ${list(Object.keys(table))}.`;
}
