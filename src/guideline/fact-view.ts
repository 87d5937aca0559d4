import type { NamedInput } from '../knowledge/knowledge.js';
import type { Selection } from '../knowledge/types.js';
import { keyOf } from '../engine/needs.js';
import { clauseView } from './clause-view.js';
import { titleOf } from './codes.js';
import { formulaInWords } from './condition-words.js';
import { html, joined, type Content, type Html } from './html.js';
import { withinLine, type Knowing } from './knowing.js';
import { textIn } from '../text.js';

/** How a fact is found in the chart, or worked out from others. */
export function factView(input: NamedInput, knowing: Knowing): Html {
  const { say, wording, prepared, language } = knowing;
  const title = (name: string): string =>
    withinLine(textIn(prepared.knowledge.inputs.get(name)?.title, language) ?? name);
  switch (input.kind) {
    case 'selected': {
      const unit =
        input.unit === undefined ? '' : `, ${say('reading.unit', { unit: unitWords(input.unit, knowing) })}`;
      return html`<p>${say(`reading.as.${input.read}`)}${unit}</p>
        <ul class="sources">
          ${input.select.map((selection) => html`<li>${selectionView(selection, knowing)}</li>`)}
        </ul>`;
    }
    case 'answered':
      return answeredView(input, knowing);
    case 'site':
      return html`<p>${say('reading.site', { sites: sitesInWords(input.sites, knowing) })}</p>`;
    case 'lesions':
      return html`<p>
        ${say(`reading.lesions.${input.read}`)}${
          input.sites !== undefined &&
          html`, ${say('reading.lesionsIn', { sites: sitesInWords(input.sites, knowing) })}`
        }
      </p>`;
    case 'expression': {
      const clause = formulaInWords(input.expression, knowing);
      return html`<div>
        <span class="label">${say('reading.worked')}</span> ${
          clause === undefined ? html`<code>${input.expression}</code>` : clauseView(clause, knowing)
        }
      </div>`;
    }
    case 'elapsed':
      return html`<p>
        ${
          input.to === undefined
            ? say('reading.elapsedToday', { from: title(input.from) })
            : say('reading.elapsed', { from: title(input.from), to: title(input.to) })
        },
        ${say('reading.unit', { unit: unitWords(input.unit, knowing) })}
      </p>`;
    case 'undecided':
      return html`<p>${say('reading.undecided', { title: title(input.of) })}</p>`;
    case 'score': {
      const score = textIn(prepared.knowledge.scores.get(input.score)?.title, language) ?? input.score;
      const part =
        input.part === 'total' ? say('reading.scoreTotal', { score }) : say('reading.scoreClass', { score });
      return html`<p>${part}${input.over === 'highest' && html`, ${say('reading.scoreHighest')}`}</p>`;
    }
    case 'person':
      return html`<p>
        ${input.part === 'age' ? say('reading.age') : say('reading.gender')}${
          input.part === 'age' &&
          html`, ${say('reading.unit', { unit: wording.quantity(2, 'a').replace(/^2\s/, '') })}`
        }
      </p>`;
  }
}

/** What answers the question: which acts, since when, how old they may be. */
function answeredView(input: Extract<NamedInput, { readonly kind: 'answered' }>, knowing: Knowing): Html {
  const { say, wording, prepared, language } = knowing;
  const {
    by,
    types = [],
    finding = [],
    within,
    earlierWithin,
    unsitedWithin,
    parts,
    emergency,
    sameSite,
    notAt,
    notIn,
    only,
    from,
  } = input;
  const places = types.map((type) => {
    const key = `key-${keyOf(type)}`;
    return wording.hasPhrase(key) ? wording.phrase(key) : type;
  });
  const aged = (name: string | undefined, words: (age: string) => string): Content => {
    const setting = name === undefined ? undefined : prepared.knowledge.settings.get(name);
    return (
      setting !== undefined &&
      html`<a class="number" href="#setting-${name}"
        >${words(wording.quantity(setting.value, setting.unit))}</a
      >`
    );
  };
  const age = (
    name: string | undefined,
    key: 'reading.within' | 'reading.earlierWithin' | 'reading.unsitedWithin',
  ): Content => aged(name, (words) => say(key, { age: words }));
  const findings = finding.map((name) =>
    withinLine(textIn(prepared.knowledge.inputs.get(name)?.title, language) ?? name),
  );
  const lines: readonly Content[] = [
    html`${say('reading.answeredBy')}
    ${joined(
      by.map((id) => html`<a href="#codes-${id}">${withinLine(titleOf(id, knowing))}</a>`),
      say('words.or'),
    )}${only !== undefined && html`, ${say(`reading.only.${only}`)}`}`,
    places.length > 0 && say('reading.from', { key: wording.alternatives(places) }),
    findings.length > 0 && say('reading.sinceFinding', { finding: wording.list(findings) }),
    emergency === true ? say('reading.nothingEarlier') : age(earlierWithin, 'reading.earlierWithin'),
    age(within, 'reading.within'),
    age(unsitedWithin, 'reading.unsitedWithin'),
    parts !== undefined &&
      aged(parts.within, (time) =>
        say('reading.parts', {
          parts: wording.list(parts.of.map((id) => withinLine(titleOf(id, knowing)))),
          time,
        }),
      ),
    from !== undefined && say(`reading.${from}`),
    sameSite === true && say('reading.sameSite'),
    notAt !== undefined && say('reading.notAt', { sites: sitesInWords(notAt, knowing) }),
    notIn !== undefined &&
      html`${say('reading.notIn')}${say('words.colon')}${joined(
        notIn.map((id) => html`<a href="#codes-${id}">${withinLine(titleOf(id, knowing))}</a>`),
        say('words.or'),
      )}`,
  ];
  return html`<ul class="sources">
    ${lines.filter((line) => line !== false).map((line) => html`<li>${line}</li>`)}
  </ul>`;
}

/** «mL/min» of «2 mL/min»: the words for units stand with a number. */
function unitWords(unit: string, { wording }: Knowing): string {
  return wording.quantity(2, unit).replace(/^2\s?/, '');
}

/** Sites and regions of the skeleton by their names. */
export function sitesInWords(sites: readonly string[], { prepared, wording, language }: Knowing): string {
  return wording.list(
    sites.map((id) => {
      const key = `region-${id}`;
      return wording.hasPhrase(key)
        ? wording.phrase(key)
        : withinLine(textIn(prepared.knowledge.bodySites.get(id)?.display, language) ?? id);
    }),
  );
}

function selectionView(selection: Selection, knowing: Knowing): Html {
  const { say, wording, prepared } = knowing;
  const {
    type,
    codes = [],
    possibly = [],
    element = 'code',
    state,
    within,
    from,
    sameSite,
    notAt,
    notIn,
    sited,
  } = selection;
  const key = `key-${keyOf(type)}`;
  const sets = (ids: readonly string[]): Content =>
    joined(
      ids.map((id) => html`<a href="#codes-${id}">${withinLine(titleOf(id, knowing))}</a>`),
      say('words.or'),
    );
  const age = within === undefined ? undefined : prepared.knowledge.settings.get(within);
  const parts: readonly Content[] = [
    say('reading.from', { key: wording.hasPhrase(key) ? wording.phrase(key) : type }),
    codes.length > 0 &&
      html`${element === 'code' ? say('reading.coded') : say(`reading.element.${element}`)} ${sets(codes)}`,
    possibly.length > 0 && html`${say('reading.possibly')} ${sets(possibly)}`,
    state !== undefined && wording.alternatives(state.map((each) => say(`reading.state.${each}`))),
    within !== undefined &&
      age !== undefined &&
      html`<a class="number" href="#setting-${within}"
        >${say('reading.within', { age: wording.quantity(age.value, age.unit) })}</a
      >`,
    from !== undefined && say(`reading.${from}`),
    sameSite === true && say('reading.sameSite'),
    notAt !== undefined && say('reading.notAt', { sites: sitesInWords(notAt, knowing) }),
    notIn !== undefined && html`${say('reading.notIn')}${say('words.colon')}${sets(notIn)}`,
    sited === true && say('reading.sited'),
  ];
  return html`${joined(
    parts.filter((part) => part !== false),
    ', ',
  )}`;
}
