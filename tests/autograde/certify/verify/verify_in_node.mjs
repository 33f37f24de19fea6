// The verification site's own code without a browser: node verify_in_node.mjs SITE NOW FILE…
// One line of JSON: file → {verdict, reasons: [code, …], name}.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import vm from 'node:vm';

const [site, now, ...files] = process.argv.slice(2);
const pages = [...readFileSync(join(site, 'index.html'), 'utf8').matchAll(/<script src="([^"]+)"/g)].map(([, name]) => name);
const code = pages.filter((name) => name !== 'page.js').map((name) => readFileSync(join(site, name), 'utf8')).join('\n');
const {Verify, DATA} = vm.runInThisContext(`${code}\n;({Verify, DATA})`);
const answers = {};
for (const file of files) {
  const {verdict, reasons, claims} = await Verify.verify(new Uint8Array(readFileSync(file)), DATA, new Date(now));
  answers[file] = {verdict, reasons: reasons.map(({code: name}) => name), name: claims?.credentialSubject.identifier[0].identityHash};
}
console.log(JSON.stringify(answers));
