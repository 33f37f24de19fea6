// A file or pasted text → the credential in it: JSON, JWT, PNG or SVG badge; a PDF carries it in two forms.
// The twin of autograde/certify/verify/carriers.py.
'use strict';

const Carriers = (() => {
  const {Problem} = StrictJson;
  const MAX_FILE = 8 * 1024 * 1024;
  const MAX_CREDENTIAL = 256 * 1024;
  const MARKS = ['\xef\xbb\xbf', '\xff\xfe', '\xfe\xff', '\0\0\xfe\xff'];

  /** A list of {form: 'json' | 'jwt', text}; throws Problem. */
  function read(bytes) {
    if (bytes.length > MAX_FILE) throw new Problem('too-large');
    const text = latin1(bytes);
    refuseTwoKinds(text);
    if (text.startsWith(Png.SIGNATURE)) return [only(Png.read(text))];
    if (text.startsWith('%PDF-')) return Pdf.read(text).map(secured);
    if (MARKS.some((mark) => text.startsWith(mark)) || isWide(text)) throw new Problem('encoding');
    const trimmed = trim(text);
    if (trimmed.startsWith('<')) return [only(Svg.read(decode(trimmed, 'not-svg')).map(encode))];
    if (/^(?:\{|eyJ)/.test(trimmed)) return [secured(trimmed)];
    throw new Problem('no-credential');
  }

  /** Throws for what another program opens as a PDF or unpacks as an archive, and finds another credential. */
  function refuseTwoKinds(text) {
    const isArchive = text.includes('PK\x05\x06') && text.includes('PK\x01\x02');
    if ((isArchive && !text.startsWith('PK')) || text.slice(1, 1024).includes('%PDF-')) throw new Problem('two-kinds');
  }

  /** Whether it is the beginning of JSON, of a JWT or of XML in UTF-16 or UTF-32 without a mark. */
  function isWide(text) {
    const start = text.slice(0, 8).replaceAll('\0', '');
    return text.slice(0, 4).includes('\0') && /^[ \t\r\n]*[{e<]/.test(start) && /^[\0-\x7f]*$/.test(start);
  }

  function trim(text) {
    let [start, end] = [0, text.length];
    while (start < end && ' \t\r\n'.includes(text[start])) start += 1;
    while (end > start && ' \t\r\n'.includes(text[end - 1])) end -= 1;
    return text.slice(start, end);
  }

  function only(found) {
    if (found.length === 0) throw new Problem('no-credential');
    if (found.length > 1) throw new Problem('several-credentials');
    return secured(found[0]);
  }

  /** A credential of bytes as latin-1 text. */
  function secured(found) {
    if (found.length > MAX_CREDENTIAL) throw new Problem('too-large');
    const text = trim(found);
    if (text.startsWith('eyJ')) return {form: 'jwt', text};
    return {form: 'json', text: decode(text, 'not-json')};
  }

  /** Bytes as latin-1 text → text; and back. */
  function decode(text, code) {
    const bytes = new Uint8Array(text.length);
    for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
    return utf8(bytes, code);
  }

  const encode = (text) => latin1(new TextEncoder().encode(text));

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

  function utf8(bytes, code = 'jwt-encoding') {
    try {
      return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes);
    } catch {
      throw new Problem(code);
    }
  }

  /** Strict base64url; null for anything else, so that one token has one spelling. */
  function base64url(text) {
    if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const again = btoa(latin1(bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    return again === text ? bytes : null;
  }

  return {MAX_FILE, read, trim, inflate, concat, utf8, base64url};
})();
