import { describe, expect, it } from 'vitest';
import { canary } from '../../../test/canary/canary.ts';
import fc from '../../../test/fast-check.ts';
import { escaped, html, link, page } from './page.ts';

/** What foreign text may try to become. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title><script src=//evil.test></script>',
  '</style><link rel=stylesheet href=//evil.test/a.css>',
  '<!-- --> <iframe srcdoc="x">',
  '&lt;b&gt;',
  '`${x}`',
];

describe('html', () => {
  it.each(HOSTILE)('makes %s a text', (text) => {
    const { markup } = html`<td title="${text}">${text}</td>`;
    expect(markup.match(/<[^>]*>/g)).toEqual([expect.stringMatching(/^<td title="[^"<>]*">$/), '</td>']);
  });

  it('leaves pieces and lists of pieces as they are', () => {
    const items = ['a', '<b>'].map((each) => html`<li>${each}</li>`);
    expect(html`<ul class="${'x'}">${items}</ul>${html`<p>${1}</p>`}`.markup).toBe(
      '<ul class="x"><li>a</li><li>&#60;b&#62;</li></ul><p>1</p>',
    );
  });

  it('refuses a value where escaping does not help', () => {
    expect(() => html`<a href="${'javascript:alert(1)'}">x</a>`).toThrow(TypeError);
    expect(() => html`<p onclick="${'alert(1)'}">x</p>`).toThrow(TypeError);
    expect(() => html`<p class=${'x y=z'}>x</p>`).toThrow(TypeError);
    expect(() => html`<${'script'}>`).toThrow(TypeError);
    expect(() => html`</${'title'}>`).toThrow(TypeError);
    expect(() => html`<script>${'alert(1)'}</script>`).toThrow(TypeError);
    expect(() => html`<style>${'*{}'}</style>`).toThrow(TypeError);
  });

  it.each([
    [
      'https://gitlab.example.com/a?b=1&c="x"',
      '<a href="https://gitlab.example.com/a?b=1&#38;c=&#34;x&#34;" rel="noopener noreferrer">&#60;b&#62;</a>',
    ],
    ['#part-1', '<a href="#part-1" rel="noopener noreferrer">&#60;b&#62;</a>'],
    ['javascript:alert(1)', '&#60;b&#62;'],
    ['# onclick=', '&#60;b&#62;'],
    ['https://', '&#60;b&#62;'],
  ])('links to %s only where that is an address of the web, or a place in the page', (address, markup) => {
    expect(link(address, '<b>').markup).toBe(markup);
  });

  it('takes away what nobody sees, and masks what looks like a secret', () => {
    expect(escaped('a\u202eb\u200bc')).toBe('abc');
    const secret = canary('glpat-');
    expect(escaped(`token ${secret}`)).not.toContain(secret);
  });

  it('holds for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>"'`]/.test(escaped(text))));
  });
});

describe('a page', () => {
  it('asks nobody for anything, and runs nothing', () => {
    const text = page('Report', html`<h1>${'<script>'}</h1>`);
    expect(text).toContain("default-src 'none'");
    expect(text).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|https?:|\son\w+=/i);
  });

  it.each(HOSTILE)('has %s as a title that ends nothing', (title) => {
    const [, head = ''] = /<title>([\s\S]*?)<\/title>/.exec(page(title, html`<p></p>`)) ?? [];
    expect(head).not.toMatch(/[<>]/);
    expect(page(title, html`<p></p>`).match(/<\/?(?:title|style|head|body)>/g)).toHaveLength(8);
  });

  it('fits small windows and dark systems', () => {
    const text = page('x', html`<p></p>`);
    expect(text).toContain('width=device-width');
    expect(text).toContain('light-dark(');
  });
});
