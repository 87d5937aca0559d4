import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cut, escapeMarkdown, plainText } from '../../src/cards/markdown.js';
import { fillResource, withElements } from '../../src/cards/resource-template.js';

describe('text from a chart', () => {
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
        expect(shown.isWellFormed()).toBe(text.isWellFormed() || shown.isWellFormed());
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
});
