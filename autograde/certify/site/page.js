// The page: takes a file or a text, shows the verdict. Whatever comes from a file is set as text, never as HTML.
'use strict';

(() => {
  const $ = (id) => document.getElementById(id);
  const scanned = new URLSearchParams(location.hash.slice(1));
  let lang = new URLSearchParams(location.search).get('lang') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
  if (!Object.hasOwn(WORDS, lang)) lang = 'en';
  let shown = null; // {verdict, reasons, claims, sha256, source}, to be said again in the other language
  let latest = 0;

  const words = () => WORDS[lang];
  const known = (table, name) => (Object.hasOwn(table, name) ? table[name][lang] : undefined);
  const fill = (text, detail) => text.replace('{}', () => detail);
  const when = (text) => (/^[0-9]{4}-[0-9]{2}-[0-9]{2}T/.test(text)
    ? new Date(text).toLocaleDateString(lang === 'zh' ? 'zh-CN' : 'en-GB', {dateStyle: 'long', timeZone: 'UTC'}) : text);

  function translate() {
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
    document.title = words().title;
    for (const element of document.querySelectorAll('[data-word]')) element.textContent = words()[element.dataset.word];
    $('file').setAttribute('aria-label', words().chosen);
    for (const button of document.querySelectorAll('[data-lang]')) {
      button.setAttribute('aria-pressed', String(button.dataset.lang === lang));
    }
    const id = scanned.get('id');
    $('scanned').hidden = !id;
    $('scanned').textContent = id ? fill(words().scanned, id.slice(0, 100)) : '';
    $('issuers').replaceChildren(...DATA.issuers.map(({did}) => item('li', did)));
    const until = Object.values(DATA.statusLists).map(listUntil).filter(Boolean).sort()[0];
    $('newer').firstChild.textContent = words().newer;
    $('status').textContent = until ? fill(words().status, when(until)) : words().noStatus;
    if (shown) show(shown);
  }

  /** A credential whose learner wants it public lies beside this page; without one the file is asked for. */
  function loadPublished() {
    const uuid = /^urn:uuid:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(scanned.get('id') ?? '')?.[1];
    if (!uuid || !DATA.public.includes(Verify.sha256(scanned.get('id')))) return;
    const script = document.createElement('script');
    script.src = `c/${uuid}.js`;
    document.head.append(script);
  }

  globalThis.published = (found) => {
    document.body.classList.add('public');
    run(new TextEncoder().encode(found.jwt), null, found);
  };

  function listUntil(jwt) {
    try {
      return StrictJson.parse(Carriers.utf8(Carriers.base64url(jwt.split('.')[1]))).validUntil;
    } catch {
      return null; // said again, with its reason, by every verdict that needs the list
    }
  }

  function item(name, text, className = '') {
    const element = document.createElement(name);
    element.textContent = text;
    if (className) element.className = className;
    return element;
  }

  async function run(bytes, source, found = null) {
    const mine = ++latest;
    shown = null;
    $('result').hidden = false;
    $('result').className = 'working';
    $('verdict').textContent = words().working;
    $('reasons').replaceChildren();
    $('details').hidden = true;
    let result = await Verify.verify(bytes, DATA, new Date()).catch(() => UNREADABLE);
    if (mine !== latest) return; // a later file was chosen meanwhile
    const wrong = (scanned.has('id') && scanned.get('id') !== result.claims?.id)
      || (scanned.has('sha256') && scanned.get('sha256') !== result.sha256);
    if (wrong && result.claims) result = {...result, verdict: 'invalid', reasons: [{code: 'other-certificate', detail: ''}]};
    shown = {...result, source, found};
    show(shown);
    if (!found) $('verdict').focus();
  }

  function show({verdict, reasons, claims, sha256, source, found}) {
    $('result').className = verdict;
    $('verdict').textContent = words().verdicts[verdict];
    $('reasons').replaceChildren(...reasons.map(({code, detail}) => item('p', fill(words().reasons[code], when(detail)))));
    $('source').textContent = source ?? (found ? words().published : words().pasted);
    $('badge').hidden = !(found && claims);
    if (found && claims) $('badge').src = `data:image/svg+xml,${encodeURIComponent(found.badge)}`;
    $('newer').hidden = !(found?.newer && claims);
    if (found?.newer) $('newer').firstChild.href = `?lang=${lang}#id=${encodeURIComponent(found.newer)}`;
    $('details').hidden = !claims;
    if (!claims) return;
    const rows = Object.entries(facts(claims, sha256)).filter(([, value]) => value !== undefined);
    $('facts').replaceChildren(...rows.flatMap(([name, value]) => [item('dt', words().facts[name]), item('dd', value, name)]));
    const {achievement} = claims.credentialSubject;
    const level = claims.credentialSubject.result[0].value;
    $('badge').alt = `${titleOf(achievement)}${lang === 'zh' ? '：' : ': '}${known(DATA.levels, level) ?? level}`;
    const skills = (achievement.tag ?? []).map((tag) => tag.split(' · '));
    $('skills').hidden = skills.length === 0;
    $('skills').lastChild.replaceChildren(...skills.map(([en, zh]) => item('li', lang === 'zh' ? zh ?? en : en)));
    $('criteria').textContent = `${achievement.description} ${achievement.criteria.narrative}`;
    const [name, meaning] = known(DATA.assurance, claims.credentialSubject.result[2].value) ?? ['', ''];
    $('assurance').textContent = meaning && `${name}${lang === 'zh' ? '：' : ': '}${meaning}`;
  }

  function facts(claims, sha256) {
    const {identifier, achievement, result} = claims.credentialSubject;
    const [level, overall, assurance, exam] = result.map(({value}) => value);
    return {
      name: identifier[0].identityHash,
      title: titleOf(achievement),
      level: known(DATA.levels, level) ?? level,
      overall: `${overall} %`,
      exam: exam && `${exam} %`,
      issued: when(claims.validFrom),
      expires: claims.validUntil && when(claims.validUntil),
      assurance: known(DATA.assurance, assurance)?.[0] ?? assurance,
      policy: `${achievement.humanCode} ${achievement.version}`,
      issuer: `${claims.issuer.name} (${claims.issuer.id})`,
      id: claims.id,
      fingerprint: sha256,
    };
  }

  /** The signed title; in Chinese, where its translation is known, behind that. */
  function titleOf({name}) {
    return lang === 'zh' && Object.hasOwn(DATA.titles, name) ? `${DATA.titles[name]}（${name}）` : name;
  }

  const UNREADABLE = {verdict: 'unknown', reasons: [{code: 'unreadable', detail: ''}]};

  /** No more of a file is read than tells that it is too large; a folder cannot be read at all. */
  async function open(file) {
    if (!file) return;
    const bytes = await file.slice(0, Carriers.MAX_FILE + 1).arrayBuffer().catch(() => null);
    if (bytes) await run(new Uint8Array(bytes), file.name);
    else say({...UNREADABLE, source: file.name});
  }

  /** Show what was found, and let it be read. */
  function say(found) {
    latest += 1;
    shown = found;
    $('result').hidden = false;
    show(shown);
    $('verdict').focus();
  }

  $('file').addEventListener('change', ({target}) => open(target.files[0]));
  $('file').addEventListener('click', ({target}) => { target.value = ''; }); // the same file again is a new question
  $('paste').addEventListener('submit', (event) => {
    event.preventDefault();
    run(new TextEncoder().encode($('text').value), null);
  });
  $('again').addEventListener('click', () => {
    latest += 1;
    shown = null;
    document.body.classList.remove('public');
    $('result').hidden = true;
    $('text').value = '';
    $('file').focus();
  });
  for (const button of document.querySelectorAll('[data-lang]')) {
    button.addEventListener('click', () => { lang = button.dataset.lang; translate(); });
  }
  const over = (is) => (event) => { event.preventDefault(); $('drop').classList.toggle('over', is); };
  document.addEventListener('dragover', over(true));
  document.addEventListener('dragleave', over(false));
  document.addEventListener('drop', (event) => { over(false)(event); open(event.dataTransfer.files[0]); });
  addEventListener('hashchange', () => location.reload());
  translate();
  loadPublished();
})();
