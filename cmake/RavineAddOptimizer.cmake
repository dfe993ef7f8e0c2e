# Ravine source as part of a CMake build.
#
#   ravine_add_optimizer(<target> <file.rvn>...
#     [NAME <name>]              what the library is called; default: the target's name
#     [TARGETS <set>...]         instruction sets, such as x86-64-v3; default: all there are
#     [PRECISIONS <name>...]     how hosts store parameters and gradients, such as bf16 or bf16/f32; default: f32
#     [OUTPUT_DIRECTORY <dir>]   default: a folder of its own in the current binary directory
#     [EXCLUDE_FROM_ALL])        build it only for what links with it or depends on it
#
# compiles the files to one shared library lib<name>.so with its header <name>.h and its manifest <name>.json, again
# whenever a file, what it imports or the compiler changes. <target> is the library: what links with it can include the header and
# ravine.h, and finds the library when it runs in the build tree. install(IMPORTED_RUNTIME_ARTIFACTS <target>) installs it;
# a program is installed with an INSTALL_RPATH that leads there, such as $ORIGIN/../lib.
#
# The target <target>_compile stands for the compilation itself.

function(ravine_add_optimizer target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "EXCLUDE_FROM_ALL" "NAME;OUTPUT_DIRECTORY" "TARGETS;PRECISIONS")
  if(TARGET ${target})
    message(FATAL_ERROR "ravine_add_optimizer: there is a target ${target} already")
  endif()
  if(NOT arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "ravine_add_optimizer(${target}): which .rvn files?")
  endif()
  if(NOT arg_NAME)
    set(arg_NAME ${target})
  endif()
  if(NOT arg_OUTPUT_DIRECTORY)
    set(arg_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}/ravine/${target})
  endif()
  cmake_path(ABSOLUTE_PATH arg_OUTPUT_DIRECTORY BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})

  set(sources "")
  set(names "")
  foreach(source IN LISTS arg_UNPARSED_ARGUMENTS)
    cmake_path(ABSOLUTE_PATH source NORMALIZE)
    get_source_file_property(is_generated ${source} GENERATED)
    if(NOT is_generated AND NOT EXISTS ${source})
      message(FATAL_ERROR "ravine_add_optimizer(${target}): there is no file ${source}")
    endif()
    list(APPEND sources ${source})
    cmake_path(GET source FILENAME name)
    list(APPEND names ${name})
  endforeach()
  set(cpu "")
  if(arg_TARGETS)
    list(JOIN arg_TARGETS "," cpu)
    set(cpu "--cpu=${cpu}")
  endif()
  set(precision "")
  if(arg_PRECISIONS)
    list(JOIN arg_PRECISIONS "," precision)
    set(precision "--precision=${precision}")
  endif()

  set(stem ${arg_OUTPUT_DIRECTORY}/${arg_NAME})
  set(library ${arg_OUTPUT_DIRECTORY}/lib${arg_NAME}.so)
  list(JOIN names ", " names)
  add_custom_command(OUTPUT ${library} ${stem}.h ${stem}.json
    COMMAND Ravine::ravine build ${cpu} ${precision} ${sources} -o ${library} --depfile=${stem}.d
    DEPENDS ${sources} Ravine::ravine $<TARGET_FILE:Ravine::ravine>
    DEPFILE ${stem}.d
    COMMENT "Compiling ${names} to lib${arg_NAME}.so"
    VERBATIM)
  set(all ALL)
  if(arg_EXCLUDE_FROM_ALL)
    set(all "")
  endif()
  add_custom_target(${target}_compile ${all} DEPENDS ${library})

  # Imported targets may only name folders that exist.
  file(MAKE_DIRECTORY ${arg_OUTPUT_DIRECTORY})
  add_library(${target} SHARED IMPORTED GLOBAL)
  add_dependencies(${target} ${target}_compile)
  set_target_properties(${target} PROPERTIES
    IMPORTED_LOCATION ${library}
    IMPORTED_SONAME lib${arg_NAME}.so)
  target_include_directories(${target} INTERFACE ${arg_OUTPUT_DIRECTORY})
  target_link_libraries(${target} INTERFACE Ravine::abi)
endfunction()
