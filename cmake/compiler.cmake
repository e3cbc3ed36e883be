# How every target of the project is compiled and linked.

find_program(FANSIPAN_CCACHE ccache)
if(FANSIPAN_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${FANSIPAN_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${FANSIPAN_CCACHE})
endif()

find_program(FANSIPAN_MOLD mold)
if(FANSIPAN_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor
                    -Woverloaded-virtual -Werror)
# -Wsign-conversion (which clang counts in -Wconversion) would put a cast at every index.
# -Wmissing-field-initializers also warns about designated initialisers, which leave out on purpose.
add_compile_options(-Wno-sign-conversion -Wno-missing-field-initializers)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # These four warn falsely inside libstdc++ 12 when optimised or instrumented code is inlined.
  add_compile_options(-Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds
                      -Wno-stringop-overflow)
else()
  # clang 14 has coroutines but does not announce them, so libstdc++ 12 would hide <coroutine>.
  add_compile_definitions($<$<COMPILE_LANGUAGE:CXX>:__cpp_impl_coroutine=201902L>)
endif()

if(FANSIPAN_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(FANSIPAN_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
  # gcc warns that it does not instrument fences; the project uses none, its libraries do.
  add_compile_options(-Wno-tsan)
elseif(FANSIPAN_SANITIZE)
  message(FATAL_ERROR "FANSIPAN_SANITIZE is '${FANSIPAN_SANITIZE}'; allowed: address, thread, or empty")
endif()

if(FANSIPAN_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "FANSIPAN_FUZZ needs clang; use the preset 'fuzz'")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link,address -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address)
endif()
