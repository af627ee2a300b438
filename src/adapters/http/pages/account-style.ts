/** The style of the pages behind mailed links: light and dark, from 320 px on, in both directions of writing. */
export const ACCOUNT_STYLE = `:root {
  color-scheme: light dark;
  --text: #1b1f24;
  --page: #f4f6f8;
  --card: #ffffff;
  --line: #6b7785;
  --accent: #0b5cad;
  --on-accent: #ffffff;
  --done: #1a6b34;
  --trouble: #a3210f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e8ebef;
    --page: #14181d;
    --card: #1e242b;
    --line: #8d99a6;
    --accent: #8cc2ff;
    --on-accent: #0b1a2b;
    --done: #7ddc9a;
    --trouble: #ffab9e;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); overflow-wrap: anywhere; }
main, nav { max-width: 32rem; margin-inline: auto; }
main { margin-block-start: 8vh; padding: 1.5rem; background: var(--card); border-radius: .75rem; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 1rem; }
a { color: var(--accent); }
label { display: block; margin-block-end: .25rem; font-weight: 600; }
.field { margin-block-end: 1rem; }
input { display: block; width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
input[aria-invalid] { border: 2px solid var(--trouble); }
button { min-height: 2.75rem; padding: .5rem 1rem; font: inherit; border-radius: .5rem; border: 1px solid var(--accent); cursor: pointer; }
button[type=submit] { width: 100%; font-weight: 600; color: var(--on-accent); background: var(--accent); }
button[type=submit]:disabled { color: var(--text); background: none; border-color: var(--line); cursor: progress; }
#show-password { margin-block-start: .5rem; color: var(--accent); background: none; }
#show-password[aria-pressed=true] { color: var(--on-accent); background: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
#result { margin: 0; border-inline-start: .25rem solid var(--line); padding-inline-start: .75rem; }
#result:empty { border: 0; padding: 0; }
form:not([hidden]) + #result:not(:empty) { margin-block-start: 1rem; }
#result[data-outcome=done] { color: var(--done); border-color: currentcolor; }
#result:not([data-outcome=done], [data-outcome=under-way]) { color: var(--trouble); border-color: currentcolor; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem; justify-content: center; margin: 1rem 0; padding: 0; list-style: none; }
nav a { display: inline-block; min-width: 2.75rem; padding: .6rem .75rem; text-align: center; border-radius: .5rem; }
nav a[aria-current] { color: var(--text); font-weight: 600; text-decoration: none; }
`;
