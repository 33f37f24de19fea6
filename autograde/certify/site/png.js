// A PNG image → the credentials baked into it: the twin of autograde/certify/verify/png_credential.py.
'use strict';

const Png = (() => {
  const {Problem} = StrictJson;
  const SIGNATURE = '\x89PNG\r\n\x1a\n';
  const KEYWORD = 'openbadgecredential';
  const TABLE = Uint32Array.from({length: 256}, (_, byte) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    return sum;
  });

  /** The texts of all chunks that carry a credential, as latin-1 strings; throws Problem. */
  function read(text) {
    const found = [];
    let at = SIGNATURE.length;
    let kind = '';
    while (at < text.length) {
      const [length, last] = [number(text, at), kind];
      kind = text.slice(at + 4, at + 8);
      const content = text.slice(at + 8, at + 8 + length);
      const isFirst = at === SIGNATURE.length;
      const checksum = number(text, at + 8 + length);
      at += 12 + length;
      if (at > text.length || last === 'IEND' || isFirst !== (kind === 'IHDR')) throw new Problem('damaged-image');
      if (crc32(kind + content) !== checksum) throw new Problem('damaged-image');
      if (['iTXt', 'tEXt', 'zTXt'].includes(kind) && content.slice(0, 9).toLowerCase() === KEYWORD.slice(0, 9)) {
        found.push(textOf(kind, content));
      }
    }
    if (kind !== 'IEND') throw new Problem('damaged-image');
    return found;
  }

  /** The text of an iTXt chunk: keyword, NUL, flag, method, language, NUL, translated keyword, NUL, text. */
  function textOf(kind, content) {
    const parts = new RegExp(`^${KEYWORD}\\0\\0\\0[^\\0]*\\0[^\\0]*\\0([^]+)$`).exec(content);
    if (kind !== 'iTXt' || !parts) throw new Problem('odd-carrier');
    return parts[1];
  }

  function number(text, at) {
    let value = 0;
    for (let byte = at; byte < at + 4; byte += 1) value = value * 256 + (text.charCodeAt(byte) || 0);
    return value;
  }

  function crc32(text) {
    let sum = 0xffffffff;
    for (let at = 0; at < text.length; at += 1) sum = TABLE[(sum ^ text.charCodeAt(at)) & 0xff] ^ (sum >>> 8);
    return (sum ^ 0xffffffff) >>> 0;
  }

  return {SIGNATURE, read};
})();
