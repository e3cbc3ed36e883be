# Declares parts, and keeps their order: a part uses only parts of lower levels, and only those it
# names. tools/check/includes.py reads the same declarations and compares every #include with them.

include(GoogleTest)

add_custom_target(headers COMMENT "Every header compiles alone")

# fansipan_part(<name> LEVEL <n> [USES part...] SOURCES file...
#               [TESTS file...] [TEST_USES part...] [TESTING_SOURCES file...]
#               [LINKS lib...] [PRIVATE_LINKS lib...])
#
# Makes the static library fansipan_<name>; from TESTING_SOURCES (fakes and contract suites, folder
# testing/) the library fansipan_<name>_testing; from TESTS the executable <name>_test, which links
# the testing libraries of all parts it may use; and <name>_headers, which compiles every header of
# the part alone and belongs to the target 'headers', not to the default build.
function(fansipan_part name)
  cmake_parse_arguments(PARSE_ARGV 1 part "" "LEVEL"
    "USES;SOURCES;TESTS;TEST_USES;TESTING_SOURCES;LINKS;PRIVATE_LINKS")
  if(DEFINED part_UNPARSED_ARGUMENTS OR NOT DEFINED part_LEVEL OR NOT part_SOURCES)
    message(FATAL_ERROR "fansipan_part(${name}): needs LEVEL and SOURCES; "
                        "not understood: '${part_UNPARSED_ARGUMENTS}'")
  endif()
  fansipan_refuse_upward_use(${name} ${part_LEVEL} ${part_USES} ${part_TEST_USES})
  set_property(GLOBAL PROPERTY fansipan_level_${name} ${part_LEVEL})

  add_library(fansipan_${name} STATIC ${part_SOURCES})
  target_include_directories(fansipan_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  list(TRANSFORM part_USES PREPEND fansipan_ OUTPUT_VARIABLE used)
  target_link_libraries(fansipan_${name} PUBLIC ${used} ${part_LINKS} PRIVATE ${part_PRIVATE_LINKS})

  if(FANSIPAN_FUZZ)
    return()
  endif()
  fansipan_part_testing(${name})
  if(part_TESTS)
    add_executable(${name}_test ${part_TESTS})
    target_link_libraries(${name}_test PRIVATE fansipan_${name}_for_tests GTest::gtest_main)
    gtest_discover_tests(${name}_test DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
                         PROPERTIES LABELS ${name} TIMEOUT 300)
  endif()
  fansipan_part_headers(${name})
endfunction()

# Stops the configuration when a part names one that is unknown, or not below it.
function(fansipan_refuse_upward_use name level)
  foreach(used IN LISTS ARGN)
    get_property(declared GLOBAL PROPERTY fansipan_level_${used} SET)
    get_property(used_level GLOBAL PROPERTY fansipan_level_${used})
    if(NOT declared)
      message(FATAL_ERROR "Part '${name}' (level ${level}) uses '${used}', which is not declared "
                          "before it in src/CMakeLists.txt.")
    elseif(used_level GREATER_EQUAL level)
      message(FATAL_ERROR "Part '${name}' (level ${level}) uses '${used}' (level ${used_level}). "
                          "A part uses parts of lower levels only: move what both need down, or "
                          "let '${name}' declare an interface that '${used}' implements.")
    endif()
  endforeach()
endfunction()

# What tests of a part may link: the part, its testing library, and both of every part it uses.
# Reads the arguments of fansipan_part from the caller's variables.
function(fansipan_part_testing name)
  add_library(fansipan_${name}_for_tests INTERFACE)
  target_link_libraries(fansipan_${name}_for_tests INTERFACE
    fansipan_${name} ${part_PRIVATE_LINKS} fansipan::gtest fansipan::rapidcheck)
  foreach(used IN LISTS part_USES part_TEST_USES)
    target_link_libraries(fansipan_${name}_for_tests INTERFACE fansipan_${used})
    if(TARGET fansipan_${used}_testing)
      target_link_libraries(fansipan_${name}_for_tests INTERFACE fansipan_${used}_testing)
    endif()
  endforeach()
  if(part_TESTING_SOURCES)
    add_library(fansipan_${name}_testing STATIC ${part_TESTING_SOURCES})
    get_target_property(links fansipan_${name}_for_tests INTERFACE_LINK_LIBRARIES)
    target_link_libraries(fansipan_${name}_testing PUBLIC ${links})
    target_link_libraries(fansipan_${name}_for_tests INTERFACE fansipan_${name}_testing)
  endif()
endfunction()

# One generated source per header that includes nothing else.
function(fansipan_part_headers name)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR}/src
       ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  if(NOT headers)
    return()
  endif()
  set(alone)
  foreach(header IN LISTS headers)
    string(MAKE_C_IDENTIFIER ${header} identifier)
    set(source ${CMAKE_CURRENT_BINARY_DIR}/headers/${identifier}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\"\n")
    list(APPEND alone ${source})
  endforeach()
  add_library(${name}_headers OBJECT EXCLUDE_FROM_ALL ${alone})
  target_compile_options(${name}_headers PRIVATE -O0)
  target_link_libraries(${name}_headers PRIVATE fansipan_${name}_for_tests)
  add_dependencies(headers ${name}_headers)
endfunction()

# fansipan_fuzzer(<name> SOURCES file... USES part...)
# Makes build/fuzz/fuzz/<name>; does nothing in the other presets.
function(fansipan_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 fuzzer "" "" "SOURCES;USES")
  if(NOT FANSIPAN_FUZZ)
    return()
  endif()
  list(TRANSFORM fuzzer_USES PREPEND fansipan_ OUTPUT_VARIABLE used)
  add_executable(${name} ${fuzzer_SOURCES})
  target_link_libraries(${name} PRIVATE ${used})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer,address)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
endfunction()

# fansipan_bench(<name> SOURCES file... USES part... [LINKS lib...])
# Makes build/release/bench/<name>, and the program that it measures; does nothing in the other
# presets. Its own headers are included as "bench/file.h".
function(fansipan_bench name)
  cmake_parse_arguments(PARSE_ARGV 1 bench "" "" "SOURCES;USES;LINKS")
  if(NOT FANSIPAN_BENCH)
    return()
  endif()
  list(TRANSFORM bench_USES PREPEND fansipan_ OUTPUT_VARIABLE used)
  add_executable(${name} ${bench_SOURCES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${used} ${bench_LINKS} fansipan_allocator)
  add_dependencies(${name} fansipan)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bench)
endfunction()

# fansipan_system_test(<name> COMMAND word... [TIMEOUT seconds] [SERIAL])
# A test of the real program, which it finds through FANSIPAN_PROGRAM. It passes with exit status 0
# and is skipped with 77, its last line of output being the reason. SERIAL: nothing runs beside it.
function(fansipan_system_test name)
  cmake_parse_arguments(PARSE_ARGV 1 system "SERIAL" "TIMEOUT" "COMMAND")
  if(FANSIPAN_FUZZ)
    return()
  endif()
  if(NOT system_TIMEOUT)
    set(system_TIMEOUT 600)
  endif()
  add_test(NAME ${name} COMMAND ${system_COMMAND} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS system TIMEOUT ${system_TIMEOUT}
    SKIP_RETURN_CODE 77 RUN_SERIAL ${system_SERIAL}
    ENVIRONMENT "FANSIPAN_PROGRAM=$<TARGET_FILE:fansipan>;FANSIPAN_SOURCE=${PROJECT_SOURCE_DIR}")
endfunction()
