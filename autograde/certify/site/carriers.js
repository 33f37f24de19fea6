// A file or pasted text → the credential in it: JSON, JWT, PNG or SVG badge; a PDF carries it in two forms.
// The twin of autograde/certify/carriers.py.
'use strict';

const Carriers = (() => {
  const {Problem} = StrictJson;
  const MAX_FILE = 8 * 1024 * 1024;
  const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
  const BADGES = 'https://purl.imsglobal.org/ob/v3p0';

  /** A list of {form: 'json' | 'jwt', text}; throws Problem. */
  async function read(bytes) {
    if (bytes.length > MAX_FILE) throw new Problem('too-large');
    if (latin1(bytes.subarray(0, 5)) === '%PDF-') return pdf(bytes).map(secured);
    if (PNG.every((byte, index) => bytes[index] === byte)) return [secured(await png(bytes))];
    const text = trim(utf8(bytes));
    return [secured(text.startsWith('<') ? svg(text) : text)];
  }

  const trim = (text) => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');

  function secured(text) {
    if (/^\ufeff?\{/.test(text)) return {form: 'json', text};
    if (text.startsWith('eyJ')) return {form: 'jwt', text};
    throw new Problem('no-credential');
  }

  function svg(text) {
    if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw new Problem('no-credential');
    const tree = new DOMParser().parseFromString(text, 'image/svg+xml');
    if (tree.querySelector('parsererror')) throw new Problem('no-credential');
    const found = [...tree.getElementsByTagName('*')].filter(({localName}) => ['credential', 'assertion'].includes(localName));
    one(found.length);
    const [element] = found;
    const [attribute, content] = [element.getAttribute('verify') ?? '', trim(element.textContent)];
    if (element.namespaceURI !== BADGES || element.localName !== 'credential' || element.childElementCount
        || (attribute === '') === (content === '')) throw new Problem('several-credentials');
    return trim(attribute || content);
  }

  async function png(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const found = [];
    for (let at = PNG.length; at + 12 <= bytes.length;) {
      const length = view.getUint32(at);
      if (at + 12 + length > bytes.length) throw new Problem('no-credential');
      const data = bytes.subarray(at + 8, at + 8 + length);
      const kind = latin1(bytes.subarray(at + 4, at + 8));
      if (kind === 'IEND' && at + 12 !== bytes.length) throw new Problem('no-credential');
      if (['iTXt', 'tEXt', 'zTXt'].includes(kind)) {
        const keyword = data.indexOf(0);
        const language = data.indexOf(0, keyword + 3);
        const translated = data.indexOf(0, language + 1);
        const name = latin1(data.subarray(0, Math.max(keyword, 0)));
        if (name === 'openbadges' || (name === 'openbadgecredential' && kind !== 'iTXt')) throw new Problem('several-credentials');
        if (name === 'openbadgecredential') {
          if (language < 0 || translated < 0) throw new Problem('no-credential');
          found.push({packed: data[keyword + 1] === 1, data: data.subarray(translated + 1)});
        }
      }
      at += 12 + length;
    }
    one(found.length);
    return utf8(found[0].packed ? await inflate(found[0].data, 'deflate', 256 * 1024) : found[0].data);
  }

  // Our certificates keep attachments uncompressed, each named once, in a file that was written in one go.
  function pdf(bytes) {
    const text = latin1(bytes);
    if (text.split('%%EOF').length !== 2) throw new Problem('pdf-rewritten');
    return ['credential.json', 'credential.jwt'].map((name) => attachment(bytes, text, name));
  }

  function attachment(bytes, text, name) {
    const names = [...text.matchAll(new RegExp(`/F \\(${name.replace('.', '\\.')}\\)`, 'g'))];
    if (names.length === 0) throw new Problem('pdf-rewritten');
    one(names.length);
    const start = text.lastIndexOf(' obj', names[0].index);
    const stream = /\/EF <<\s*\/F ([0-9]+) 0 R/.exec(text.slice(start, text.indexOf('endobj', start)));
    const objects = stream ? [...text.matchAll(new RegExp(`\\n${stream[1]} 0 obj\\s`, 'g'))] : [];
    if (objects.length !== 1) throw new Problem('pdf-rewritten');
    const body = text.indexOf('\nstream\n', objects[0].index);
    const header = text.slice(objects[0].index, body);
    const length = /\/Length ([0-9]+)/.exec(header);
    if (!/\/Type \/EmbeddedFile/.test(header) || /\/Filter/.test(header) || !length) throw new Problem('pdf-rewritten');
    return trim(utf8(bytes.subarray(body + 8, body + 8 + Number(length[1]))));
  }

  function one(count) {
    if (count === 0) throw new Problem('no-credential');
    if (count > 1) throw new Problem('several-credentials');
  }

  /** Unpacked bytes ('gzip' or 'deflate'), at most `limit`; throws Problem. */
  async function inflate(bytes, format, limit) {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader();
    const parts = [];
    let total = 0;
    try {
      for (;;) {
        const {done, value} = await reader.read();
        if (done) break;
        total += value.length;
        if (total > limit) { await reader.cancel(); throw new Problem('too-large'); }
        parts.push(value);
      }
    } catch (error) {
      throw error instanceof Problem ? error : new Problem('no-credential');
    }
    return concat(parts);
  }

  function concat(parts) {
    const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) { out.set(part, at); at += part.length; }
    return out;
  }

  function latin1(bytes) {
    let out = '';
    for (let at = 0; at < bytes.length; at += 32768) out += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return out;
  }

  function utf8(bytes) {
    try {
      return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
    } catch {
      throw new Problem('no-credential');
    }
  }

  /** Strict base64url; null for anything else, so that one token has one spelling. */
  function base64url(text) {
    if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const again = btoa(latin1(bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    return again === text ? bytes : null;
  }

  return {read, inflate, concat, utf8, base64url};
})();
