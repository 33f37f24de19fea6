// Verify one credential with programs that are not ours; the answer is one line of JSON.
//
//   node verify.mjs data-integrity CREDENTIAL.json DOCUMENTS.json
//   node verify.mjs jwt CREDENTIAL.jwt DOCUMENTS.json
//
// DOCUMENTS.json: address → JSON of the contexts, the DID document and the status list; nothing is fetched.
import { readFileSync } from 'node:fs';

const [form, file, known] = process.argv.slice(2);
const documents = JSON.parse(readFileSync(known, 'utf8'));
const text = readFileSync(file, 'utf8');

async function documentLoader(url) {
  const [address, fragment] = url.split('#');
  let document = documents[address];
  if (document === undefined) throw new Error(`not among the documents: ${url}`);
  if (fragment && document.verificationMethod) {
    const method = document.verificationMethod.find((one) => one.id === url);
    if (!method) throw new Error(`no such verification method: ${url}`);
    document = { '@context': 'https://w3id.org/security/multikey/v1', ...method };
  }
  return { contextUrl: null, documentUrl: url, document };
}

async function dataIntegrity() {
  const { DataIntegrityProof } = await import('@digitalbazaar/data-integrity');
  const { cryptosuite } = await import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
  const { checkStatus } = await import('@digitalbazaar/vc-bitstring-status-list');
  const { verifyCredential } = await import('@digitalbazaar/vc');
  const suite = new DataIntegrityProof({ cryptosuite });
  const answer = await verifyCredential({
    credential: JSON.parse(text),
    suite,
    documentLoader,
    checkStatus: (options) => checkStatus({ ...options, documentLoader, suite, verifyBitstringStatusListCredential: true }),
  });
  const status = answer.statusResult?.results?.[0]?.status;
  return { verified: answer.verified, revoked: status ?? null, error: String(answer.error?.errors?.[0]?.message ?? answer.error ?? '') };
}

async function jwt() {
  const { jwtVerify, decodeProtectedHeader } = await import('jose');
  const Multikey = await import('@digitalbazaar/ed25519-multikey');
  const { document } = await documentLoader(decodeProtectedHeader(text).kid);
  const key = await Multikey.from(document);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from((await key.export({ publicKey: true, raw: true })).publicKey).toString('base64url') };
  try {
    const { payload, protectedHeader } = await jwtVerify(text, await (await import('jose')).importJWK(jwk, 'EdDSA'), { algorithms: ['EdDSA'] });
    return { verified: true, header: protectedHeader, payload };
  } catch (error) {
    return { verified: false, error: error.message };
  }
}

console.log(JSON.stringify(await (form === 'jwt' ? jwt() : dataIntegrity())));
