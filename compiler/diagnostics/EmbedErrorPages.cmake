# Run as a script: turns the pages in PAGES (a folder of <CODE>.md) into the C++ source OUTPUT, which defines
# ravine::errorPages().

file(GLOB pages ${PAGES}/*.md)
list(SORT pages)
set(entries "")
foreach(page IN LISTS pages)
  get_filename_component(code ${page} NAME_WE)
  file(READ ${page} text)
  string(APPEND entries "    {\"${code}\", R\"page(${text})page\"},\n")
endforeach()

file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
// Generated from docs/errors by EmbedErrorPages.cmake.
#include "compiler/diagnostics/ErrorPages.h"

namespace ravine {

static const ErrorPage pages[] = {
@entries@};

std::span<const ErrorPage> errorPages() { return pages; }

} // namespace ravine
]])
