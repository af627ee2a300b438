/**
 * The script of the pages behind mailed links. It takes the token out of the address, and does nothing else until the button is
 * pressed: then it sends the token, once a press, and says what came of it.
 */
export const ACCOUNT_SCRIPT = String.raw`'use strict';
(() => {
  const PATIENCE_MS = 30000;
  const form = document.getElementById('act');
  const submit = form.querySelector('[type=submit]');
  const password = document.getElementById('new-password');
  const result = document.getElementById('result');
  const outcomes = document.getElementById('texts').content;
  const { lang } = document.documentElement;
  const token = takeToken();

  // The address is kept in the history, shown on the screen and copied: the token is not to stay there.
  function takeToken() {
    const given = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';
    if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);
    return /^[\w-]{43}$/.test(given) ? given : null;
  }

  const textOf = (outcome) => outcomes.querySelector('[data-outcome="' + outcome + '"]').textContent;

  function say(outcome, text = textOf(outcome)) {
    result.dataset.outcome = outcome;
    result.textContent = text;
  }

  function whenOf(seconds) {
    const format = new Intl.RelativeTimeFormat(lang + '-u-nu-latn');
    return seconds < 120 ? format.format(seconds, 'second') : format.format(Math.ceil(seconds / 60), 'minute');
  }

  const textWithWait = (outcome, answer) => {
    const seconds = Number.parseInt(answer.headers.get('Retry-After') ?? '', 10);
    // Not a single second: for that one, browsers write a Hebrew which nobody reads.
    return textOf(outcome).replace('{when}', whenOf(Math.max(2, seconds || 2)));
  };

  async function send() {
    try {
      return await fetch(form.dataset.post, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(password ? { token, newPassword: password.value } : { token }),
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
    } catch {
      return null;
    }
  }

  async function tell(answer) {
    if (answer === null) return say('unreachable');
    if (answer.ok) return say('done');
    if (answer.status === 429) return say('too-many', textWithWait('too-many', answer));
    if (answer.status === 503) return say('busy', textWithWait('busy', answer));
    const problem = await answer.json().catch(() => null);
    if (problem?.code === 'access.token-invalid') return say('link-invalid');
    if (answer.status === 409 && problem?.code === 'identity.email-taken') return say('taken');
    if (password && answer.status === 422) {
      // The reason is told in English only.
      const reason = lang === 'en' && problem?.code === 'identity.password-rejected' ? problem.detail : undefined;
      return say('password-rejected', [textOf('password-rejected'), reason].filter(Boolean).join(' '));
    }
    return say('failed');
  }

  // Who changes the language goes on with the same token.
  function keepInLinks(fragment) {
    for (const link of document.querySelectorAll('nav a')) link.hash = fragment;
  }

  const isOver = () => ['done', 'link-invalid', 'taken'].includes(result.dataset.outcome);

  async function act(event) {
    event.preventDefault();
    if (submit.disabled) return;
    submit.disabled = true;
    form.setAttribute('aria-busy', 'true');
    password?.removeAttribute('aria-invalid');
    say('under-way');
    await tell(await send());
    form.removeAttribute('aria-busy');
    submit.disabled = false;
    if (isOver()) return end();
    if (result.dataset.outcome !== 'password-rejected') return submit.focus();
    password.setAttribute('aria-invalid', 'true');
    password.focus();
  }

  function end() {
    keepInLinks('');
    form.reset();
    form.hidden = true;
    result.focus();
  }

  function showPassword({ currentTarget }) {
    const shown = password.type === 'text';
    password.type = shown ? 'password' : 'text';
    currentTarget.setAttribute('aria-pressed', String(!shown));
  }

  // Another link that is opened in this tab differs in the fragment only, for which nothing is loaded.
  addEventListener('hashchange', () => location.reload());

  if (token === null) {
    say('link-incomplete');
    return;
  }
  keepInLinks('token=' + token);
  form.addEventListener('submit', act);
  document.getElementById('show-password')?.addEventListener('click', showPassword);
  form.hidden = false;
})();
`;
