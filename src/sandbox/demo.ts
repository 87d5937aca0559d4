import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asList, elementOf, isResource, type FhirResource } from './fhir/resource.js';
import { isObject } from '../json.js';

/** One line on a demo patient, for the EHR page's list. */
export interface DemoStory {
  readonly patient: string;
  readonly en: string;
  readonly fr: string;
  /** The service has nothing to say of this chart. */
  readonly quiet: boolean;
}

const anchorSystem = 'https://bone-metastasis-cds.example/fhir/CodeSystem/demo-anchor';
const storiesFile = 'stories.json';
const day = 86_400_000;
const dateElement = /(?:date|datetime|start|end|issued|authored|authoredon|started|created)$/i;

function jsonIn(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

/** The date moved by days at its own precision: a month or a year moves with its middle. */
function shiftedDate(date: string, days: number): string {
  const match = /^(\d{4})(-\d{2})?(-\d{2})?(T.+)?$/.exec(date);
  if (match === null) return date;
  const [, year = '', month, dayOfMonth, time = ''] = match;
  const middle = Date.parse(`${year}${month ?? '-07'}${dayOfMonth ?? '-15'}T00:00:00Z`);
  if (Number.isNaN(middle)) return date;
  const moved = new Date(middle + days * day).toISOString();
  if (month === undefined) return moved.slice(0, 4);
  return dayOfMonth === undefined ? moved.slice(0, 7) : moved.slice(0, 10) + time;
}

/** A birthday stays on its day and moves by whole years, so that names, birthdays and ages stay familiar. */
function shiftedBirthDate(birthDate: string, years: number): string {
  const moved = `${String(Number(birthDate.slice(0, 4)) + years)}${birthDate.slice(4)}`;
  return moved.endsWith('-02-29') ? `${moved.slice(0, 4)}-02-28` : moved;
}

function shifted(value: unknown, element: string, days: number): unknown {
  if (Array.isArray(value)) return value.map((member) => shifted(member, element, days));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, child]) => [name, shifted(child, name, days)]),
    );
  }
  if (typeof value !== 'string') return value;
  if (element === 'birthDate') return shiftedBirthDate(value, Math.trunc(days / 365.25));
  return dateElement.test(element) ? shiftedDate(value, days) : value;
}

function anchorOf(bundle: unknown, file: string): number {
  const tag = asList(elementOf(elementOf(bundle, 'meta'), 'tag')).find(
    (candidate) => elementOf(candidate, 'system') === anchorSystem,
  );
  const code = elementOf(tag, 'code');
  const anchor = typeof code === 'string' ? Date.parse(code) : NaN;
  if (Number.isNaN(anchor)) throw new Error(`${file}: meta.tag names no anchor date`);
  return anchor;
}

/**
 * The charts in `folder`, moved in time so that each Bundle's anchor day (`meta.tag`) becomes `today`: what was
 * recorded ten days before the anchor is always ten days old. Resources shared by several charts come once.
 * @param today a date, `YYYY-MM-DD`
 * @throws Error that names the file which is no Bundle or has no anchor
 */
export function loadDemoPatients(folder: string, today: string): readonly FhirResource[] {
  const resources = new Map<string, FhirResource>();
  const files = readdirSync(folder).filter((file) => file.endsWith('.json') && file !== storiesFile);
  for (const file of files.sort()) {
    const bundle = jsonIn(folder, file);
    const days = Math.round((Date.parse(today) - anchorOf(bundle, file)) / day);
    for (const entry of asList(elementOf(bundle, 'entry'))) {
      const resource = shifted(elementOf(entry, 'resource'), 'resource', days);
      if (!isResource(resource) || resource.id === undefined)
        throw new Error(`${file}: entry without resource`);
      resources.set(`${resource.resourceType}/${resource.id}`, resource);
    }
  }
  return [...resources.values()];
}

/** The story of each demo patient in both languages, in the order in which they are to be shown. */
export function loadDemoStories(folder: string): readonly DemoStory[] {
  return asList(jsonIn(folder, storiesFile)).map((story) => {
    const [patient, en, fr] = ['patient', 'en', 'fr'].map((name) => elementOf(story, name));
    if (typeof patient !== 'string' || typeof en !== 'string' || typeof fr !== 'string') {
      throw new Error(`${storiesFile}: every story needs patient, en and fr`);
    }
    return { patient, en, fr, quiet: elementOf(story, 'quiet') === true };
  });
}
