// A credential → valid, invalid, revoked, expired or unknown, with reasons. No network: trusted issuers, their keys and
// the status lists are those of data.js. Sources: VC Data Integrity 1.0; vc-di-eddsa 1.0, section 3.2 (eddsa-rdfc-2022);
// Open Badges 3.0, section 8.2 (JWT); Bitstring Status List 1.0, section 3.2.
'use strict';

const Verify = (() => {
  const {Problem, isObject, parse, canonical} = StrictJson;
  const MIN_BITS = 131072;
  const SKEW = 5 * 60 * 1000; // ms, how far the clocks of an issuer and a verifier may lie apart
  const MAX_LIST = 8 * 1024 * 1024;
  const MAX_LIST_DAYS = 35; // a list that claims to hold longer would hide a revocation for as long

  /**
   * Check a file or pasted text.
   * @param {Uint8Array} bytes the file
   * @param {object} data what data.js holds: contexts, shapes, issuers, statusLists
   * @param {Date} now
   * @returns {Promise<{verdict: string, reasons: {code: string, detail: string}[], claims: object?, sha256: string?}>}
   *   `claims` only where the signature holds
   */
  async function verify(bytes, data, now) {
    try {
      const found = (await Carriers.read(bytes)).map(({form, text}) => read(form, text, data));
      const [{claims}] = found;
      const [sha256, ...others] = found.map((form) => digest(form.claims));
      if (others.some((other) => other !== sha256)) throw new Problem('several-credentials');
      for (const form of found) await checkSignature(form, data, now);
      const dates = checkDates(claims, now);
      const bit = await status(claims, data, now);
      const reasons = [...(bit === true ? [reason('revoked')] : []), ...dates, ...(bit.code ? [bit] : [])];
      const verdict = bit === true ? 'revoked' : dates.length ? (dates[0].code === 'expired' ? 'expired' : 'invalid')
        : bit.code ? 'unknown' : 'valid';
      return {verdict, reasons: reasons.length ? reasons : [reason('valid')], claims, sha256};
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return {verdict: UNKNOWN.has(error.code) ? 'unknown' : 'invalid', reasons: [reason(error.code, error.detail)]};
    }
  }

  const reason = (code, detail = '') => ({code, detail});
  const digest = (claims) => sha256(canonical(claims));

  function read(form, text, data) {
    const found = form === 'jwt' ? readJwt(text) : readJson(text, data);
    Shape.check(found.claims, data.shapes.credential);
    checkReferences(found.claims);
    return found;
  }

  async function checkSignature({claims, proof, kid, signed}, data, now) {
    const key = signingKey(claims.issuer.id, proof ? proof.verificationMethod : kid, data);
    const holds = proof ? await proofHolds(claims, proof, key, data) : jwtHolds(signed, key);
    if (!holds) throw new Problem('signature');
    if (proof && new Date(proof.created) > later(now)) throw new Problem('not-yet', proof.created);
  }

  /** What speaks against the certificate today: a list of reasons, mostly empty. */
  function checkDates({validFrom, validUntil}, now) {
    if (validUntil !== undefined && !(new Date(validFrom) < new Date(validUntil))) return [reason('shape', 'validUntil')];
    if (new Date(validFrom) > later(now)) return [reason('not-yet', validFrom)];
    if (validUntil !== undefined && new Date(validUntil) < now) return [reason('expired', validUntil)];
    return [];
  }

  const later = (now) => new Date(now.getTime() + SKEW);
  const UNKNOWN = new Set(['no-credential', 'pdf-rewritten', 'damaged-image', 'not-svg', 'no-key']);

  function readJson(text, data) {
    const {proof: proofs, ...claims} = parse(text);
    if (!Array.isArray(proofs) || proofs.length !== 1) throw new Problem('one-proof');
    Shape.check(proofs, data.shapes.proof, 'proof');
    return {claims, proof: proofs[0]};
  }

  /** What the parts of a credential say of each other: the twin of check_credential in autograde/certify/credential/form.py. */
  function checkReferences({credentialSubject: {achievement, result}, credentialStatus: entry}) {
    const described = achievement.resultDescription.map((item) => item.id);
    const expected = ['level', 'overall', 'assurance', 'exam'].slice(0, described.length).map((name) => `${achievement.id}#${name}`);
    const same = (left, right) => canonical(left) === canonical(right);
    if (!same(described, expected)) throw new Problem('shape', 'resultDescription');
    if (!same(result.map((item) => item.resultDescription), described)) throw new Problem('shape', 'result');
    if (!achievement.resultDescription[0].allowedValue.includes(result[0].value)) throw new Problem('shape', 'result[0]');
    const {tag} = achievement;
    if (tag && !same(tag, [...new Set(tag)].sort())) throw new Problem('shape', 'tag');
    if (entry.id !== `${entry.statusListCredential}#${entry.statusListIndex}`) throw new Problem('shape', 'credentialStatus.id');
  }

  function readJwt(text) {
    const [head, body, tail, more] = text.split('.');
    const [header, payload, signature] = [head, body, tail].map((part) => (part ? Carriers.base64url(part) : null));
    if (more !== undefined || !header || !payload || !signature) throw new Problem('jwt-encoding');
    const {alg, kid, typ, ...rest} = parse(Carriers.utf8(header));
    if (alg !== 'EdDSA') throw new Problem('algorithm', String(alg).slice(0, 20));
    if (typ !== 'JWT' || typeof kid !== 'string' || Object.keys(rest).length) throw new Problem('jwt-header');
    const {iss, jti, nbf, exp, ...claims} = parse(Carriers.utf8(payload));
    const seconds = (instant) => (instant === undefined ? undefined : Math.floor(Date.parse(instant) / 1000));
    const issuer = isObject(claims.issuer) ? claims.issuer.id : claims.issuer;
    if (iss !== issuer || jti !== claims.id || nbf !== seconds(claims.validFrom) || exp !== seconds(claims.validUntil)) {
      throw new Problem('jwt-claims');
    }
    return {claims, kid, signed: {message: new TextEncoder().encode(`${head}.${body}`), signature}};
  }

  /** The public key `keyId` that the DID document of the trusted issuer `did` allows to sign credentials. */
  function signingKey(did, keyId, data) {
    const issuer = data.issuers.find((known) => known.did === did);
    if (!issuer) throw new Problem('untrusted', did);
    if (keyId.split('#')[0] !== did) throw new Problem('key-not-listed', keyId);
    const {document} = issuer;
    if (!document || document.id !== did) throw new Problem('no-key', did);
    const items = (name) => (Array.isArray(document[name]) ? document[name] : []);
    const [method, ...others] = items('verificationMethod').filter((one) => isObject(one) && one.id === keyId);
    if (!method) throw new Problem('key-not-listed', keyId);
    if (others.length) throw new Problem('no-key', keyId);
    if (method.controller !== did || !items('assertionMethod').includes(keyId) || 'revoked' in method || 'expires' in method) {
      throw new Problem('key-not-listed', keyId);
    }
    if (method.type !== 'Multikey' || 'publicKeyJwk' in method) throw new Problem('no-key', keyId);
    const bytes = /^z[1-9A-HJ-NP-Za-km-z]{40,60}$/.test(method.publicKeyMultibase)
      ? vendor.base58(method.publicKeyMultibase.slice(1)) : [];
    if (bytes.length !== 34 || bytes[0] !== 0xed || bytes[1] !== 0x01) throw new Problem('no-key', keyId);
    return bytes.subarray(2);
  }

  async function proofHolds(claims, proof, key, data) {
    const {proofValue, ...options} = proof;
    if (!/^z[1-9A-HJ-NP-Za-km-z]{64,96}$/.test(proofValue)) return false;
    const signature = vendor.base58(proofValue.slice(1));
    const hashes = [{'@context': claims['@context'], ...options}, claims]
      .map(async (document) => vendor.sha256(new TextEncoder().encode(await canonize(document, data))));
    return signature.length === 64 && vendor.ed25519(signature, Carriers.concat(await Promise.all(hashes)), key);
  }

  const jwtHolds = ({message, signature}, key) => signature.length === 64 && vendor.ed25519(signature, message, key);

  /** RDFC-1.0 N-Quads in safe mode: what JSON-LD would drop is an error, and so is a graph that takes much work. */
  async function canonize(document, data) {
    const documentLoader = async (url) => {
      if (!Object.hasOwn(data.contexts, url)) throw new Problem('shape', '@context');
      return {contextUrl: null, documentUrl: url, document: data.contexts[url]};
    };
    try {
      const plain = JSON.parse(JSON.stringify(document));
      return await vendor.canonize(plain, {safe: true, base: null, documentLoader, canonizeOptions: {maxWorkFactor: 1}});
    } catch (error) {
      throw error instanceof Problem ? error : new Problem('graph');
    }
  }

  /** true: revoked; false: not; otherwise the reason why it could not be checked. */
  async function status(claims, data, now) {
    const {statusListCredential: address, statusListIndex: index} = claims.credentialStatus;
    if (!Object.hasOwn(data.statusLists, address)) return reason('no-status-list', address);
    try {
      const {claims: list, kid, signed} = readJwt(data.statusLists[address]);
      Shape.check(list, data.shapes.statusList);
      const issuer = isObject(list.issuer) ? list.issuer.id : list.issuer;
      if (list.id !== address || list.credentialSubject.id !== `${address}#list` || issuer !== claims.issuer.id) return reason('foreign-status-list', address);
      if (!jwtHolds(signed, signingKey(issuer, kid, data))) return reason('status-signature');
      const [from, until] = [new Date(list.validFrom), new Date(list.validUntil)];
      if (later(now) < from || now > until || until - from > MAX_LIST_DAYS * 86400000) {
        return reason('stale-status-list', list.validUntil);
      }
      const packed = Carriers.base64url(list.credentialSubject.encodedList.slice(1));
      const bits = packed ? await Carriers.inflate(packed, 'gzip', MAX_LIST) : [];
      if (bits.length * 8 < MIN_BITS || Number(index) >= bits.length * 8) return reason('status-length');
      return ((bits[Number(index) >> 3] >> (7 - (Number(index) & 7))) & 1) === 1;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return reason('status-unreadable', error.code);
    }
  }

  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

  const sha256 = (text) => hex(vendor.sha256(new TextEncoder().encode(text)));

  return {verify, sha256};
})();
