import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cut, escapeMarkdown, plainText, withoutEscapes } from '../../src/cards/markdown.js';
import { fillResource, withElements } from '../../src/cards/resource-template.js';

describe('text from a chart', () => {
  it('is no tag in plain text either, and a limit keeps its sign', () => {
    expect(withoutEscapes(escapeMarkdown('<img src=x onerror=alert(1)>'))).toBe(
      '‹img src=x onerror=alert(1)>',
    );
    expect(withoutEscapes(escapeMarkdown('</a><!--<?x'))).toBe('‹/a>‹!--‹?x');
    expect(withoutEscapes(escapeMarkdown('<\u00a030 mL/min, <5, < b'))).toBe('<\u00a030 mL/min, <5, < b');
  });

  it('cannot act as HTML or Markdown', () => {
    expect(escapeMarkdown('<img src=x onerror=alert(1)>')).not.toContain('<');
    expect(escapeMarkdown('[click](javascript:x)')).toBe('\\[click\\]\\(javascript:x\\)');
    expect(escapeMarkdown('a | b')).toBe('a \\| b');
  });

  it('is one line without control characters and lone surrogates', () => {
    expect(plainText('a\u0000b\n\tc\ud800d')).toBe('a b c d');
  });

  it('is cut to its limit, and never inside a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, limit) => {
        const shown = cut(text, limit);
        expect(shown.length).toBeLessThanOrEqual(limit);
        if (text.isWellFormed()) expect(shown.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('the resource of a suggestion', () => {
  it('leaves out what has no value, with the objects that become empty', () => {
    const template = { a: '{{x}}', b: { reference: '{{y}}' }, c: [{ reference: '{{y}}' }] };
    expect(fillResource(template, { x: '1', y: undefined })).toEqual({ a: '1' });
  });

  it('keeps every other element of an order that it corrects', () => {
    const order = {
      resourceType: 'MedicationRequest',
      id: 'd',
      extension: [{ url: 'u' }],
      dosageInstruction: [{ text: 't', doseAndRate: [{ doseQuantity: { value: 4, unit: 'mg' } }] }],
    };
    expect(withElements(order, { 'dosageInstruction.doseAndRate.doseQuantity.value': 3.3 })).toEqual({
      ...order,
      dosageInstruction: [{ text: 't', doseAndRate: [{ doseQuantity: { value: 3.3, unit: 'mg' } }] }],
    });
    expect(order.dosageInstruction[0]?.doseAndRate[0]?.doseQuantity.value).toBe(4);
  });

  const dose = { doseQuantity: { value: 60, unit: 'mg' } };

  it.each([
    ['two instructions', [{ text: 'drink' }, { doseAndRate: [dose] }]],
    ['two doses', [{ doseAndRate: [dose, dose] }]],
    ['no dose', [{ text: 'as usual' }]],
    ['a range of doses', [{ doseAndRate: [{ doseRange: { high: dose.doseQuantity } }] }]],
    ['no instruction', undefined],
  ])('is not guessed, nor made invalid, where the order has %s', (_, dosageInstruction) => {
    const order = {
      resourceType: 'MedicationRequest',
      id: 'd',
      ...(dosageInstruction && { dosageInstruction }),
    };
    expect(withElements(order, { 'dosageInstruction.doseAndRate.doseQuantity.value': 120 })).toBeUndefined();
  });

  it('drops what states the rhythm that was changed once more, and nothing else', () => {
    const repeat = { frequency: 1, frequencyMax: 2, period: 6, periodMax: 7, periodUnit: 'mo', duration: 15 };
    const timing = { extension: [{ url: 'u' }], code: { text: 'every 6 months' }, repeat };
    const order = { resourceType: 'MedicationRequest', id: 'd', dosageInstruction: [{ timing }] };
    const at = 'dosageInstruction.timing.repeat';
    const changed = { [`${at}.frequency`]: 1, [`${at}.period`]: 4, [`${at}.periodUnit`]: 'wk' };
    expect(withElements(order, changed)).toEqual({
      ...order,
      dosageInstruction: [
        {
          timing: {
            extension: [{ url: 'u' }],
            repeat: { frequency: 1, period: 4, periodUnit: 'wk', duration: 15 },
          },
        },
      ],
    });
    const slower = withElements(order, { [`${at}.duration`]: 30 });
    expect(slower).toEqual({
      ...order,
      dosageInstruction: [{ timing: { ...timing, repeat: { ...repeat, duration: 30 } } }],
    });
  });
});
