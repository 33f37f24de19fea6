// The exact shape of a document: which properties there may be. The shapes come with data.js, made from those of
// autograde/certify, so that this page and `course verify` ask the same.
'use strict';

const Shape = (() => {
  const {Problem, isObject} = StrictJson;
  const HIDDEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
  const IRI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`\x00-\x20]+$/;
  const INSTANT = /^([0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$/;

  /** Throws Problem('shape', place) unless `value` has `shape`. */
  function check(value, shape, place = '') {
    const fail = (at = place) => { throw new Problem('shape', at || '{}'); };
    const isText = (limit) => typeof value === 'string' && value !== '' && [...value].length <= limit && !HIDDEN.test(value);
    switch (shape.kind) {
      case 'exactly':
        if (StrictJson.canonical(value) !== StrictJson.canonical(shape.value)) fail();
        break;
      case 'text':
        if (!isText(shape.limit) || !new RegExp(`^(?:${shape.pattern})$`, 'su').test(value)) fail();
        break;
      case 'iri':
        if (!isText(2000) || !IRI.test(value) || !value.startsWith(shape.start)) fail();
        break;
      case 'instant':
        if (!isInstant(value)) fail();
        break;
      case 'list':
        if (!Array.isArray(value) || value.length < shape.low || value.length > shape.high) fail();
        value.forEach((item, index) => check(item, shape.item, `${place}[${index}]`));
        break;
      case 'in-order': {
        const items = [...shape.required, ...shape.optional];
        if (!Array.isArray(value) || value.length < shape.required.length || value.length > items.length) fail();
        value.forEach((item, index) => check(item, items[index], `${place}[${index}]`));
        break;
      }
      case 'object': {
        if (!isObject(value)) fail();
        const inner = (name) => (place ? `${place}.${name}` : name);
        const known = {...shape.optional, ...shape.required};
        for (const name of Object.keys(value)) {
          if (!Object.hasOwn(known, name)) fail(inner(name.slice(0, 40)));
          check(value[name], known[name], inner(name));
        }
        for (const name of Object.keys(shape.required)) if (!(name in value)) fail(inner(name));
        break;
      }
      default:
        throw new Error(`unknown shape ${shape.kind}`);
    }
  }

  function isInstant(value) {
    const day = typeof value === 'string' && INSTANT.exec(value)?.[1];
    if (!day || day.startsWith('0000')) return false;
    const year = new Date(value).getUTCFullYear(); // NaN for what is no instant
    if (!(year >= 1 && year <= 9999)) return false; // beyond the calendar of course verify
    const midnight = new Date(`${day}T00:00:00Z`); // 31 February becomes a day of March in some browsers
    return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  }

  return {check};
})();
