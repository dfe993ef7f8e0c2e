// The parts of the page that are the same for every optimizer.
#include "compiler/explanation/PageParts.h"

namespace ravine::explanation {

const std::string_view pageStyle = R"(
:root { color-scheme: light dark; --rule: #8885; --lit: #f5d76e88; --soft: #8889; }
body { margin: 1rem; font: 0.9rem/1.45 system-ui, sans-serif; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; } h3 { font-size: 1rem; margin: 1rem 0 0.3rem; }
h4 { font-size: 0.9rem; margin: 0.8rem 0 0.2rem; } h4 small { font-weight: normal; color: var(--soft); }
.columns { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1rem; }
.column { max-height: 85vh; overflow: auto; border: 1px solid var(--rule); padding: 0 0.6rem 0.6rem; }
@media (max-width: 60rem) { .columns { grid-template-columns: 1fr; } .column { max-height: none; } }
table { border-collapse: collapse; } td, th { padding: 0.1rem 0.8rem 0.1rem 0; text-align: right; }
td:first-child, th:first-child { text-align: left; } tfoot td { border-top: 1px solid var(--rule); }
.code { font: 0.78rem/1.4 ui-monospace, monospace; white-space: pre; }
.row { display: block; min-height: 1.4em; } .row a { color: var(--soft); text-decoration: none; }
.row .at { display: inline-block; min-width: 3em; padding-right: 0.8em; text-align: right; color: var(--soft); }
.lit, .row:target { background: var(--lit); }
.k { color: #a3219e; } .n { color: #1c6b48; } .p { color: #1f5fbf; } .q { font-weight: bold; } .c { color: #777; }
@media (prefers-color-scheme: dark) {
  :root { --lit: #6b5a1188; }
  .k { color: #e08be0; } .n { color: #7fd1a8; } .p { color: #86b3f5; } .c { color: #999; }
}
)";

const std::string_view pageScript = R"(
let pinned = null, shown = null;
const parts = line => document.querySelectorAll('[data-line="' + line + '"]');
function show(line) {
  if (shown) for (const part of parts(shown)) part.classList.remove('lit');
  shown = line;
  if (shown) for (const part of parts(shown)) part.classList.add('lit');
}
const lineOf = event => event.target.closest && event.target.closest('[data-line]')?.dataset.line;
document.addEventListener('mouseover', event => show(lineOf(event) ?? pinned));
document.addEventListener('mouseleave', () => show(pinned));
document.addEventListener('click', event => {
  const line = lineOf(event);
  if (!line) return;
  event.preventDefault();
  pinned = pinned === line ? null : line;
  show(pinned);
  if (!pinned) return;
  const here = event.target.closest('.column');
  for (const column of here.parentElement.children) {
    const part = column !== here && column.querySelector('[data-line="' + line + '"]');
    if (part) column.scrollTop += part.getBoundingClientRect().top - column.getBoundingClientRect().top - 60;
  }
});
)";

} // namespace ravine::explanation
