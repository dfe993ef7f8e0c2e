# Compiling Ravine source as part of the build.

# ravine_library(TARGET FILE OUTPUT_DIRECTORY): makes a target that compiles FILE to lib<stem>.so, <stem>.h and
# <stem>.json in OUTPUT_DIRECTORY, again whenever the source or the compiler changes.
function(ravine_library target file directory)
  cmake_path(GET file STEM stem)
  set(library ${directory}/lib${stem}.so)
  add_custom_command(OUTPUT ${library} ${directory}/${stem}.h ${directory}/${stem}.json
    COMMAND ${CMAKE_COMMAND} -E make_directory ${directory}
    COMMAND ravine build ${file} -o ${directory}/
    DEPENDS ravine ${file}
    COMMENT "Compiling ${stem}.rvn"
    VERBATIM)
  add_custom_target(${target} DEPENDS ${library})
endfunction()
