// A PDF → the credentials attached to it, where every reader must find the same ones: the twin of
// autograde/certify/verify/pdf_attachments.py, which says what is read and why nothing else is.
'use strict';

const Pdf = (() => {
  const {Problem} = StrictJson;
  const NAMES = ['credential.json', 'credential.jwt'];
  const MAX_DEPTH = 32;
  const HEADER = /%PDF-[12]\.[0-9]\r?\n(?:%[\x80-\xff]{1,16}\r?\n)?/y;
  const OBJECT = /[\0\t\n\f\r ]*([1-9][0-9]{0,6}) 0 obj(?![A-Za-z])/y;
  const TOKEN = /<<|>>|[[\]]|\/[^\0\t\n\f\r ()<>[\]{}/%]*|\((?:[^()\\]|\\[^])*\)|<[0-9A-Fa-f\0\t\n\f\r ]*>|[0-9]+ [0-9]+ R(?![A-Za-z])|[+-]?[0-9]*\.?[0-9]+|[+-]?[0-9]+\.|[A-Za-z]+/y;
  const STREAM = /\r?\n/y;
  const END_STREAM = /[\0\t\n\f\r ]*endstream[\0\t\n\f\r ]*endobj(?![A-Za-z])/y;
  const TABLE = /[\0\t\n\f\r ]*xref[ \r\n]+/y;
  const SECTION = /([0-9]{1,7}) ([0-9]{1,7})[ \r\n]+/y;
  const ENTRY = /([0-9]{10}) ([0-9]{5}) ([nf])(?: \n| \r|\r\n)/y;
  const TRAILER = /trailer[\0\t\n\f\r ]*/y;
  const END = /[\0\t\n\f\r ]*startxref[ \r\n]+([0-9]{1,10})[ \r\n]+%%EOF[ \r\n]*$/y;
  const LETTERS = {n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '\n': '', '\r': '', '\r\n': ''};
  const SIGNS = [/\/F\s*\(credential(?:\.|\\056)json\)/g, /\/F\s*\(credential(?:\.|\\056)jwt\)/g, /"proofValue"/g];

  const rewritten = () => { throw new Problem('pdf-rewritten'); };
  const several = () => { throw new Problem('several-credentials'); };
  const isDict = (value) => value instanceof Map;
  const isReference = (value) => typeof value === 'string' && value.endsWith(' R');

  function match(pattern, text, at) {
    pattern.lastIndex = at;
    return pattern.exec(text) ?? rewritten();
  }

  function may(pattern, text, at) {
    pattern.lastIndex = at;
    return pattern.exec(text);
  }

  /** The attached files, one or both of NAMES, of a file as latin-1 text; throws Problem. */
  function read(text) {
    try {
      return attached(...walk(text));
    } catch (error) {
      if (error instanceof Problem && error.code === 'pdf-rewritten'
          && SIGNS.some((sign) => [...text.matchAll(sign)].length > 1)) several();
      throw error;
    }
  }

  /** Number → {value, stream} of every object, and the trailer; throws where a byte belongs to neither. */
  function walk(text) {
    let at = match(HEADER, text, 0)[0].length;
    const [objects, places] = [new Map(), new Map()];
    for (let head = may(OBJECT, text, at); head; head = may(OBJECT, text, at)) {
      const number = head[1];
      if (objects.has(number)) rewritten();
      places.set(number, at + head[0].indexOf(number));
      const [value, afterValue] = valueAt(text, at + head[0].length, 0);
      const [word, afterWord] = wordAt(text, afterValue);
      at = afterWord;
      let stream = null;
      if (word === 'stream' && isDict(value)) {
        const start = at + match(STREAM, text, at)[0].length;
        const length = value.get('/Length');
        if (typeof length !== 'string' || !/^[0-9]{1,9}$/.test(length)) rewritten();
        at = start + Number(length);
        stream = text.slice(start, at);
        at += match(END_STREAM, text, at)[0].length;
      } else if (word !== 'endobj') rewritten();
      objects.set(number, {value, stream});
    }
    const table = match(TABLE, text, at);
    const start = at + table[0].indexOf('xref');
    at += table[0].length;
    const listed = new Map();
    for (let section = may(SECTION, text, at); section; section = may(SECTION, text, at)) {
      at += section[0].length;
      for (let count = 0; count < Number(section[2]); count += 1) {
        const entry = match(ENTRY, text, at);
        const number = String(Number(section[1]) + count);
        at += entry[0].length;
        if (entry[3] !== 'n') continue;
        if (listed.has(number)) rewritten();
        listed.set(number, Number(entry[1]));
      }
    }
    if (listed.size !== places.size || [...listed].some(([number, place]) => places.get(number) !== place)) rewritten();
    const [trailer, afterTrailer] = valueAt(text, at + match(TRAILER, text, at)[0].length, 0);
    const end = match(END, text, afterTrailer);
    if (Number(end[1]) !== start || !isDict(trailer)) rewritten();
    if (['/Prev', '/XRefStm', '/Encrypt'].some((key) => trailer.has(key))) rewritten();
    if ([...objects.values()].some(({value}) => isDict(value) && ['/ObjStm', '/XRef'].includes(value.get('/Type')))) rewritten();
    return [objects, trailer];
  }

  /** The attached files, in the order of NAMES; each in the catalogue's list and nowhere else. */
  function attached(objects, trailer) {
    const specs = [...objects.values()].flatMap(({value}) => dicts(value)).filter((dict) => dict.has('/EF'));
    const files = [...objects.values()].filter(({value}) => isDict(value) && value.get('/Type') === '/EmbeddedFile');
    if (!specs.length && !files.length) throw new Problem('no-credential');
    const list = listedFiles(objects, trailer);
    const found = new Map();
    for (const [name, spec] of list) {
      const target = targetOf(name, spec);
      const object = target ? objects.get(target.slice(0, -2)) : undefined;
      if (!NAMES.includes(name) || found.has(name) || !object || object.stream === null
          || [...found.values()].includes(object)) several();
      if (object.value.has('/Filter')) rewritten();
      found.set(name, object);
    }
    if (specs.length !== list.length || files.length !== found.size) several();
    return NAMES.filter((name) => found.has(name)).map((name) => found.get(name).stream);
  }

  /** [name, file specification] of the catalogue's list of attachments, which must be one flat list. */
  function listedFiles(objects, trailer) {
    const follow = (value) => (isReference(value) ? objects.get(value.slice(0, -2))?.value : value);
    let place = trailer.get('/Root');
    for (const step of ['/Names', '/EmbeddedFiles']) {
      place = follow(place);
      if (!isDict(place) || !place.has(step)) rewritten();
      place = place.get(step);
    }
    const tree = follow(place);
    const pairs = isDict(tree) && tree.size === 1 ? follow(tree.get('/Names')) : undefined;
    if (!Array.isArray(pairs) || pairs.length % 2) rewritten();
    return pairs.flatMap((name, at) => (at % 2 ? [] : [[String(name).slice(1), follow(pairs[at + 1])]]));
  }

  /** The reference to the attached bytes; empty where the specification has two names or two contents. */
  function targetOf(name, spec) {
    if (!isDict(spec) || ['/DOS', '/Mac', '/Unix', '/RF'].some((key) => spec.has(key))) return '';
    const names = [spec.get('/F'), spec.has('/UF') ? spec.get('/UF') : spec.get('/F')];
    const inner = spec.get('/EF');
    if (names.some((one) => one !== `(${name}`) || !isDict(inner) || !inner.has('/F')
        || [...inner.keys()].some((key) => !['/F', '/UF'].includes(key))) return '';
    const [target, ...others] = inner.values();
    return isReference(target) && others.every((other) => other === target) ? target : '';
  }

  const dicts = (value) => (isDict(value) ? [value, ...[...value.values()].flatMap(dicts)]
    : Array.isArray(value) ? value.flatMap(dicts) : []);

  function valueAt(text, start, depth) {
    let [word, at] = wordAt(text, start);
    if (depth > MAX_DEPTH || ['>>', ']', 'stream', 'endobj', 'endstream', 'obj', 'xref', 'trailer'].includes(word)) rewritten();
    if (word === '[') {
      const items = [];
      while (wordAt(text, at)[0] !== ']') {
        const [item, after] = valueAt(text, at, depth + 1);
        items.push(item);
        at = after;
      }
      return [items, wordAt(text, at)[1]];
    }
    if (word !== '<<') return [word, at];
    const found = new Map();
    for (;;) {
      [word, at] = wordAt(text, at);
      if (word === '>>') return [found, at];
      if (!word.startsWith('/') || found.has(word)) rewritten();
      const [value, after] = valueAt(text, at, depth + 1);
      found.set(word, value);
      at = after;
    }
  }

  /** The next word, with its escapes undone, and where it ends. */
  function wordAt(text, start) {
    let at = start;
    while (at < text.length && '\0\t\n\f\r '.includes(text[at])) at += 1;
    let [word] = match(TOKEN, text, at);
    at += word.length;
    if (word[0] === '/') word = word.replace(/#([0-9A-Fa-f]{2})/g, (_, code) => String.fromCharCode(parseInt(code, 16)));
    else if (word[0] === '(') word = `(${word.slice(1, -1).replace(/\\(?:([0-7]{1,3})|(\r\n|[^]))/g, unescaped)}`;
    else if (word[0] === '<' && word !== '<<') {
      const digits = word.replace(/[^0-9A-Fa-f]/g, '');
      word = `(${(digits + '0'.repeat(digits.length % 2)).replace(/../g, (code) => String.fromCharCode(parseInt(code, 16)))}`;
    } else if (/^[0-9]+ [0-9]+ R$/.test(word)) {
      const [number, generation] = word.split(' ');
      if (generation !== '0') rewritten();
      word = `${number} R`;
    }
    return [word, at];
  }

  const unescaped = (_, code, letter) => (code ? String.fromCharCode(parseInt(code, 8) & 255) : LETTERS[letter] ?? letter);

  return {read};
})();
