// An SVG image → the credentials baked into it, without a browser's parser, since browsers differ in what they forgive:
// the twin of autograde/certify/verify/svg_credential.py.
'use strict';

const Svg = (() => {
  const {Problem} = StrictJson;
  const NAMESPACE = 'https://purl.imsglobal.org/ob/v3p0';
  const MAX_DEPTH = 100;
  const MAX_TAGS = 100000;
  const MAX_SPACES = 100; // declarations of namespaces, or elements within many of them would take for ever
  const NAME = '[A-Za-z_][A-Za-z0-9_.-]*(?::[A-Za-z_][A-Za-z0-9_.-]*)?';
  const DECLARATION = /<\?xml version=("1\.0"|'1\.0')(?: encoding=("[Uu][Tt][Ff]-8"|'[Uu][Tt][Ff]-8'))?(?: standalone=("(?:yes|no)"|'(?:yes|no)'))? ?\?>/y;
  const TAG = new RegExp(`<(/?)(${NAME})`, 'y');
  const ATTRIBUTE = new RegExp(`[ \\t\\n]+(${NAME})[ \\t\\n]*=[ \\t\\n]*(?:"([^<"]*)"|'([^<']*)')`, 'y');
  const END = /[ \t\n]*(\/?)>/y;
  const TEXT = /[^<]+/y;
  const NO_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\]\]>/;
  const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&/g;
  const NAMED = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'"};

  const malformed = () => { throw new Problem('not-svg'); };
  const odd = () => { throw new Problem('odd-carrier'); };
  const trim = (text) => Carriers.trim(text);

  function match(pattern, text, at) {
    pattern.lastIndex = at;
    return pattern.exec(text);
  }

  /** The texts of all <openbadges:credential>, in their order; throws Problem. */
  function read(source) {
    const text = trim(source.replace(/\r\n?/g, '\n'));
    if (NO_XML.test(text)) malformed();
    let at = match(DECLARATION, text, 0)?.[0].length ?? 0;
    const stack = [];
    const found = [];
    let content = null; // of the credential's element, while it is open
    let attribute = '';
    let declarations = 0;
    for (let tags = 0; tags < MAX_TAGS; tags += 1) {
      const words = match(TEXT, text, at);
      if (words) {
        at += words[0].length;
        if (!stack.length && trim(words[0])) malformed();
        const said = decoded(words[0]);
        if (content !== null) content += said;
      }
      if (at === text.length && !stack.length && tags) return found;
      const tag = match(TAG, text, at);
      if (!tag || (tags && !stack.length)) malformed(); // a second root
      const attributes = new Map();
      at = readAttributes(text, at + tag[0].length, attributes);
      const end = match(END, text, at);
      if (!end || stack.length > MAX_DEPTH) malformed();
      at += end[0].length;
      const isEmpty = end[1] !== '';
      if (tag[1]) {
        if (attributes.size || isEmpty || stack.pop()?.name !== tag[2]) malformed();
        if (content !== null) {
          found.push(one(attribute, content));
          content = null;
        }
        continue;
      }
      if (content !== null) odd(); // an element within the credential
      const outer = stack.length ? stack.at(-1).spaces : new Map([['', ''], ['xml', 'xml'], ['xmlns', 'xmlns']]);
      const own = declared(attributes);
      declarations += own.length;
      if (declarations > MAX_SPACES) malformed();
      const spaces = own.length ? new Map([...outer, ...own]) : outer;
      const [space, local] = expanded(tag[2], spaces, spaces.get(''));
      const names = [...attributes.keys()].map((name) => expanded(name, spaces, '').join(' '));
      if (new Set(names).size < names.length) malformed();
      if (['credential', 'assertion'].includes(local.toLowerCase())) {
        const strange = [...attributes.keys()].some((name) => name !== 'verify' && name.split(':')[0] !== 'xmlns');
        if (space !== NAMESPACE || local !== 'credential' || strange) odd();
        attribute = attributes.get('verify') ?? '';
        if (isEmpty) found.push(one(attribute, ''));
        else content = '';
      }
      if (!isEmpty) stack.push({name: tag[2], spaces});
    }
    return malformed();
  }

  /** The credential of an element: in its attribute or its text, never in both. */
  function one(attribute, content) {
    const found = [trim(attribute), trim(content)].filter((text) => text !== '');
    return found.length === 1 ? found[0] : odd();
  }

  function readAttributes(text, start, found) {
    let at = start;
    for (let pair = match(ATTRIBUTE, text, at); pair; pair = match(ATTRIBUTE, text, at)) {
      if (found.has(pair[1])) malformed();
      found.set(pair[1], decoded((pair[2] ?? pair[3]).replace(/[\t\n]/g, ' ')));
      at += pair[0].length;
    }
    return at;
  }

  /** What an element's own attributes say of prefixes. */
  function declared(attributes) {
    const own = [];
    for (const [name, value] of attributes) {
      if (name === 'xmlns') own.push(['', value]);
      if (!name.startsWith('xmlns:')) continue;
      if (value === '' || ['xmlns:xml', 'xmlns:xmlns'].includes(name)) malformed();
      own.push([name.slice(6), value]);
    }
    return own;
  }

  /** Namespace and local name. */
  function expanded(name, spaces, unprefixed) {
    const colon = name.indexOf(':');
    if (colon < 0) return [unprefixed, name];
    const space = spaces.get(name.slice(0, colon));
    return [space === undefined ? malformed() : space, name.slice(colon + 1)];
  }

  /** `text` with its entities as the characters that they stand for. */
  function decoded(text) {
    return text.replace(ENTITY, (entity, name, decimal, hexadecimal) => {
      if (name) return NAMED[name];
      const code = decimal ? Number(decimal) : hexadecimal ? parseInt(hexadecimal, 16) : 0;
      const isXml = [9, 10, 13].includes(code) || (code >= 32 && code < 0xd800) || (code >= 0xe000 && code < 0xfffe)
        || (code >= 0x10000 && code < 0x110000);
      return isXml ? String.fromCodePoint(code) : malformed();
    });
  }

  return {read};
})();
