# Run as a script: turns the files *.rvn below STDLIB into the C++ source OUTPUT, which defines
# ravine::standardModules().

file(GLOB_RECURSE files RELATIVE ${STDLIB} ${STDLIB}/*.rvn)
list(TRANSFORM files REPLACE "\\.rvn$" "")
list(SORT files)
set(entries "")
foreach(file IN LISTS files)
  file(READ ${STDLIB}/${file}.rvn text)
  string(APPEND entries "    {\"${file}\", R\"module(${text})module\"},\n")
endforeach()

file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
// Generated from stdlib by EmbedStandardModules.cmake.
#include "compiler/frontend/StandardModules.h"

namespace ravine {

static const StandardModule modules[] = {
@entries@};

std::span<const StandardModule> standardModules() { return modules; }

} // namespace ravine
]])
