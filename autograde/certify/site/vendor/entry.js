// What the verification page takes from others, as one classic script (pages opened from files load no modules).
import {ed25519} from '@noble/curves/ed25519.js';
import {sha256} from '@noble/hashes/sha2.js';
import {base58} from '@scure/base';
import jsonld from 'jsonld';

globalThis.vendor = {
  base58: (text) => base58.decode(text),
  canonize: (document, options) => jsonld.canonize(document, options),
  // RFC 8032 as written (zip215: false): every browser gives the verdict that OpenSSL gives
  ed25519: (signature, message, key) => ed25519.verify(signature, message, key, {zip215: false}),
  sha256,
};
