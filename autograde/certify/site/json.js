// JSON from a stranger, read in one way only: the twin of autograde/certify/credential/strict_json.py.
'use strict';

const StrictJson = (() => {
  const MAX_BYTES = 256 * 1024;
  const MAX_DEPTH = 24;
  const ESCAPES = {'"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t'};

  class Problem extends Error {
    constructor(code, detail = '') {
      super(code);
      this.code = code;
      this.detail = detail;
    }
  }

  /** The JSON object in `text`; throws Problem where two readers could read differently, or it is too much. */
  function parse(text) {
    if (new TextEncoder().encode(text).length > MAX_BYTES) throw new Problem('too-large');
    let at = 0;

    const fail = (code = 'not-json', detail = '') => { throw new Problem(code, detail); };
    const space = () => { while (at < text.length && ' \t\n\r'.includes(text[at])) at += 1; };
    const expect = (symbol) => { if (text[at] !== symbol) fail(); at += 1; };

    function string() {
      expect('"');
      let out = '';
      for (;;) {
        const symbol = text[at];
        if (symbol === undefined || symbol < ' ') fail();
        at += 1;
        if (symbol === '"') break;
        if (symbol !== '\\') { out += symbol; continue; }
        const kind = text[at];
        at += 1;
        if (kind === 'u') {
          const digits = text.slice(at, at + 4);
          if (!/^[0-9a-fA-F]{4}$/.test(digits)) fail();
          out += String.fromCharCode(parseInt(digits, 16));
          at += 4;
        } else if (kind !== undefined && Object.hasOwn(ESCAPES, kind)) out += ESCAPES[kind];
        else fail();
      }
      if (!isWellFormed(out)) fail();
      return out;
    }

    function value(depth) {
      if (depth > MAX_DEPTH) fail('too-deep');
      space();
      const symbol = text[at];
      if (symbol === '{') return object(depth);
      if (symbol === '[') return list(depth);
      if (symbol === '"') return string();
      for (const [word, meaning] of [['true', true], ['false', false], ['null', null]]) {
        if (text.startsWith(word, at)) { at += word.length; return meaning; }
      }
      const number = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/.exec(text.slice(at, at + 400));
      if (!number) fail();
      if (!/^-?[0-9]{1,15}$/.test(number[0]) || number[0].length > 15) fail('bad-number', number[0].slice(0, 20));
      at += number[0].length;
      return Number(number[0]);
    }

    function object(depth) {
      const out = Object.create(null); // a key named __proto__ is a key like any other
      expect('{');
      space();
      if (text[at] === '}') { at += 1; return out; }
      for (;;) {
        space();
        const key = string();
        if (key in out) fail('duplicate-key', key.slice(0, 40));
        space();
        expect(':');
        out[key] = value(depth + 1);
        space();
        if (text[at] === '}') { at += 1; return out; }
        expect(',');
      }
    }

    function list(depth) {
      const out = [];
      expect('[');
      space();
      if (text[at] === ']') { at += 1; return out; }
      for (;;) {
        out.push(value(depth + 1));
        space();
        if (text[at] === ']') { at += 1; return out; }
        expect(',');
      }
    }

    const result = value(1);
    space();
    if (at !== text.length || !isObject(result)) fail();
    return result;
  }

  /** RFC 8785 text of a document whose numbers are whole. */
  function canonical(value) {
    if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
    if (!isObject(value)) return JSON.stringify(value);
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
  }

  const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
  const isWellFormed = (text) => !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);

  return {parse, canonical, isObject, Problem};
})();
